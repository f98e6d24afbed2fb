import type { ReportSummary } from '../model/report';
import { type HistoryResult, VERDICTS, type Verdict } from '../model/verdict';

/** Returns the summary counts that can be derived from the results alone. */
export function countVerdicts(
  results: readonly HistoryResult[],
): Omit<ReportSummary, 'durationMs' | 'uncoveredTypes'> {
  const counts = Object.fromEntries(Object.keys(VERDICTS).map((verdict) => [verdict, 0])) as Record<
    Verdict,
    number
  >;
  for (const { verdict } of results) counts[verdict]++;
  return {
    histories: results.length,
    ...counts,
    events: results.reduce((sum, { events }) => sum + events, 0),
  };
}
