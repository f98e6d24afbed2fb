import type { FailureGroup } from '../../model/diagnosis';
import type { DiagnosedResult, RunNote } from '../../model/report';
import type { HistoryResult } from '../../model/verdict';
import type { ReporterFactory } from '../reporter';
import { jsonText } from '../text/json-text';

/** Writes the report as JSON. `schemas/report.schema.json` describes it. */
export const json: ReporterFactory = (screen) => ({
  onEnd: ({ baseline: _, changedSince: __, notes, ...report }) =>
    screen.document(
      `${jsonText({ ...report, results: report.results.map(published), groups: report.groups.map(publishedGroup), ...(notes && { notes: notes.map(publishedNote) }) }, 2)}\n`,
    ),
});

type Published = Omit<HistoryResult, 'error'> & { error?: { code: string; message: string } };

/** Returns the published part of a result. Its diagnosis is in the groups, once for each cause. */
function published(result: DiagnosedResult): Published {
  const {
    diagnosis: _,
    timeline: __,
    comparison: _____,
    accepted: ___,
    existedBefore: ____,
    history: ______,
    ...rest
  } = result;
  return { ...rest, ...(rest.error && { error: { code: rest.error.code, message: rest.error.message } }) };
}

const publishedNote = ({ parts: _, ...rest }: RunNote): Omit<RunNote, 'parts'> => rest;

function publishedGroup({ headlineParts: _, ...rest }: FailureGroup): Omit<FailureGroup, 'headlineParts'> {
  return rest;
}
