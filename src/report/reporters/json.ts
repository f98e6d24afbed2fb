import type { DiagnosedResult } from '../../model/report';
import type { HistoryResult } from '../../model/verdict';
import type { ReporterFactory } from '../reporter';

/** Writes the report as JSON. `schemas/report.schema.json` describes it. */
export const json: ReporterFactory = (screen) => ({
  onEnd: ({ baseline: _, changedSince: __, ...report }) =>
    screen.out(`${JSON.stringify({ ...report, results: report.results.map(published) }, null, 2)}\n`),
});

/** Returns the published part of a result. Its diagnosis is in the groups, once for each cause. */
function published(result: DiagnosedResult): HistoryResult {
  const {
    diagnosis: _,
    timeline: __,
    comparison: _____,
    accepted: ___,
    existedBefore: ____,
    history: ______,
    ...rest
  } = result;
  return rest;
}
