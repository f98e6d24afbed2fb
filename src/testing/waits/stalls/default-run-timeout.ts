import { type Event, milliseconds } from '../../../temporal/event';

/** Run timeout that the time-skipping server sets for each run, whatever the run was started with: ten years. */
const DEFAULT_RUN_TIMEOUT_MS = 315_360_000_000;

/**
 * Returns true if a run has ended by the time-skipping server's own run timeout. That server skips to the timeout if nothing else
 * is pending, so a run that waits for nothing is either open or, as often, timed out this way.
 */
export function reachedDefaultRunTimeout(events: readonly Event[]): boolean {
  const timeoutMs = milliseconds(events[0]?.workflowExecutionStartedEventAttributes?.workflowRunTimeout);
  return Boolean(
    events.at(-1)?.workflowExecutionTimedOutEventAttributes && timeoutMs >= DEFAULT_RUN_TIMEOUT_MS,
  );
}
