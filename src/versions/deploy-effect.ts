import type { DeployEffect } from '../model/deploy';
import { type FailureOptions, type HistoryResult, isAboutCode, resultFailsRun } from '../model/verdict';

/** Names of the errors that the SDK takes for a mismatch of history and code. */
const MISMATCH_ERRORS = new Set(['NondeterminismError', 'DeterminismViolationError', 'Error']);

export type FailureErrorTypes = Readonly<Record<string, readonly string[]>>;

/**
 * Returns what a deploy means for a run with this result.
 *
 * @param errorTypes the worker's `workflowFailureErrorTypes`
 */
export function effectOf(
  result: HistoryResult,
  errorTypes: readonly FailureErrorTypes[],
  options: FailureOptions,
): DeployEffect {
  if (!isAboutCode(result)) return 'unjudged';
  if (resultFailsRun(result, options)) return failsForGood(result, errorTypes) ? 'failing' : 'stuck';
  return result.existing ? 'stuckBefore' : 'safe';
}

/**
 * Returns true if a worker fails the run, instead of trying its workflow task again. For a mismatch only the worker's options decide:
 * `failureExceptionTypes` of the workflow do not count there.
 */
const failsForGood = (
  { verdict, error, workflowType }: HistoryResult,
  all: readonly FailureErrorTypes[],
): boolean =>
  error?.code === 'WORKFLOW_FAILED' ||
  (verdict === 'incompatible' &&
    all.some((types) =>
      [...(types['*'] ?? []), ...(types[workflowType ?? ''] ?? [])].some((name) => MISMATCH_ERRORS.has(name)),
    ));
