import type { DiagnosedReport } from '../model/report';
import { type FailureOptions, exitCodeOfResult, resultFailsRun } from '../model/verdict';

/**
 * Returns the exit code of a report: 1 if a history is incompatible, failed or timed out, no baseline accepts it and the run
 * was not stuck in that failure already; or if a workflow type has no history and `failOnUncovered` is set; else 2 if a history is
 * invalid or failed by a fault that is not the code's; else 0.
 */
export function exitCodeOf(
  { summary, results }: DiagnosedReport,
  { failOnUncovered = false, ...options }: FailureOptions & { failOnUncovered?: boolean } = {},
): 0 | 1 | 2 {
  const failing = results.filter(
    (result) => result.accepted === undefined && resultFailsRun(result, options),
  );
  const exitCodes = failing.map(exitCodeOfResult);
  if (exitCodes.includes(1)) return 1;
  if (failOnUncovered && summary.uncoveredTypes.length > 0) return 1;
  return exitCodes.includes(2) ? 2 : 0;
}
