import type { DiagnosedReport } from '../model/report';
import { failsRun, VERDICTS } from '../model/verdict';

/**
 * Returns the exit code of a report: 1 if a history is incompatible, failed or timed out and no baseline accepts it,
 * or if a workflow type has no history and `failOnUncovered` is set; else 2 if a history is invalid; else 0.
 */
export function exitCodeOf(
  { summary, results }: DiagnosedReport,
  { strict = false, failOnUncovered = false }: { strict?: boolean; failOnUncovered?: boolean } = {},
): 0 | 1 | 2 {
  const failing = results.filter(
    ({ verdict, accepted }) => accepted === undefined && failsRun(verdict, { strict }),
  );
  const exitCodes = failing.map(({ verdict }) => VERDICTS[verdict].exitCode);
  if (exitCodes.includes(1)) return 1;
  if (failOnUncovered && summary.uncoveredTypes.length > 0) return 1;
  return exitCodes.includes(2) ? 2 : 0;
}
