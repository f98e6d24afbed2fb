import { type Event, milliseconds } from '../../../temporal/event';
import { openEvents } from '../../../temporal/relations';
import { durationInWords } from '../../../util/duration-in-words';
import type { Stall, StallContext } from '../stall';
import { summarizeEvents } from '../summarize-events';
import { reachedDefaultRunTimeout } from './default-run-timeout';

/** Requests that the server answers by itself: it retries an operation or lets it time out, and passes messages on to other workflows. */
const ANSWERED_BY_SERVER = [
  'nexusOperationScheduledEventAttributes',
  'signalExternalWorkflowExecutionInitiatedEventAttributes',
  'requestCancelExternalWorkflowExecutionInitiatedEventAttributes',
] as const;

/** Returns the stall of a run in which at most timers are pending; null if it may go on by itself. */
export function pendingWaitStall(
  events: readonly Event[],
  workflowId: string,
  { canSkipTime, nowMs, leftMs }: StallContext,
): Stall | null {
  if (ANSWERED_BY_SERVER.some((key) => openEvents(events, key).length > 0)) return null;
  const timers = openEvents(events, 'timerStartedEventAttributes');
  if (timers.length === 0)
    return {
      code: 'INPUT_MISSING',
      workflowId,
      reason:
        'No timer, activity or child is under way: it waits for a signal, an update or a condition that nothing will meet.',
      hint: 'Send what it waits for before its result is awaited.',
    };
  if (reachedDefaultRunTimeout(events)) return runTimeoutStall(events, workflowId);
  if (canSkipTime) return null;
  const dueMs = timers.map(
    (event) =>
      milliseconds(event.eventTime) + milliseconds(event.timerStartedEventAttributes!.startToFireTimeout),
  );
  const restMs = Math.min(...dueMs) - nowMs;
  if (restMs < leftMs) return null;
  return {
    code: 'TIMER_NOT_SKIPPED',
    workflowId,
    reason: `Its next timer fires in ${durationInWords(restMs)}, and the full server does not skip it.`,
    hint: 'Leave out `local: true`, make the timer shorter in this test, or raise resultTimeout.',
  };
}

/** Returns the stall of a run that timed out while a timer was pending: its timers had no end, or were too long. */
function runTimeoutStall(events: readonly Event[], workflowId: string): Stall {
  return {
    code: 'RUN_TIMEOUT_REACHED',
    workflowId,
    reason: `It has used up the ten years that a run has at most on the time-skipping server. What it did in them: ${summarizeEvents(events)}.`,
    hint: 'Does it loop for ever? If it is meant to take so long, make its timers shorter in this test.',
  };
}
