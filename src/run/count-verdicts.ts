import type { ReportSummary } from '../model/report';
import type { HistoryResult, Verdict } from '../model/verdict';

/** What of a report's summary its results alone say. */
export function countVerdicts(
  results: readonly HistoryResult[],
): Omit<ReportSummary, 'durationMs' | 'uncoveredTypes'> {
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  return {
    histories: results.length,
    compatible: count('compatible'),
    incompatible: count('incompatible'),
    failed: count('failed'),
    drifted: count('drifted'),
    timeout: count('timeout'),
    invalid: count('invalid'),
    events: results.reduce((sum, { events }) => sum + events, 0),
  };
}
