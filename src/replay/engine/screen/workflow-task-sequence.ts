import type { Event } from '../../../temporal/event';
import { eventIdOf, numberOf } from '../../../temporal/event';

/** The end of the next events that core applies together. */
export interface SequenceEnd {
  /** Index of the last event. */
  index: number;
  /** False if the history ends before the sequence does. */
  isComplete: boolean;
}

/** Events that stand for a command (sdk-core, `is_command_event`). */
const COMMAND_EVENTS = [
  'activityTaskScheduledEventAttributes',
  'activityTaskCancelRequestedEventAttributes',
  'markerRecordedEventAttributes',
  'requestCancelExternalWorkflowExecutionInitiatedEventAttributes',
  'signalExternalWorkflowExecutionInitiatedEventAttributes',
  'startChildWorkflowExecutionInitiatedEventAttributes',
  'timerCanceledEventAttributes',
  'timerStartedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
  'workflowPropertiesModifiedEventAttributes',
  'nexusOperationScheduledEventAttributes',
  'nexusOperationCancelRequestedEventAttributes',
  'workflowExecutionCanceledEventAttributes',
  'workflowExecutionCompletedEventAttributes',
  'workflowExecutionContinuedAsNewEventAttributes',
  'workflowExecutionFailedEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
  'workflowExecutionUpdateRejectedEventAttributes',
  'workflowExecutionUpdateCompletedEventAttributes',
] as const satisfies readonly (keyof Event)[];

const FINAL_EVENTS = [
  'workflowExecutionCompletedEventAttributes',
  'workflowExecutionCanceledEventAttributes',
  'workflowExecutionFailedEventAttributes',
  'workflowExecutionTimedOutEventAttributes',
  'workflowExecutionContinuedAsNewEventAttributes',
  'workflowExecutionTerminatedEventAttributes',
] as const satisfies readonly (keyof Event)[];

/** Events after which a workflow task that has started counts as never begun. */
const SKIPS_TASK = [
  'workflowTaskFailedEventAttributes',
  'workflowTaskTimedOutEventAttributes',
  'workflowExecutionTimedOutEventAttributes',
  'workflowExecutionTerminatedEventAttributes',
  'workflowExecutionCanceledEventAttributes',
] as const satisfies readonly (keyof Event)[];

const COMMAND_KEYS: ReadonlySet<string> = new Set(COMMAND_EVENTS);
const FINAL_KEYS: ReadonlySet<string> = new Set(FINAL_EVENTS);
const SKIPPING_KEYS: ReadonlySet<string> = new Set(SKIPS_TASK);

export const isCommandEvent = (key: string): boolean => COMMAND_KEYS.has(key);
export const isFinalEvent = (key: string): boolean => FINAL_KEYS.has(key);

/** An event with the key of its attributes. */
export interface KeyedEvent {
  id: number;
  key: string;
  event: Event;
  /** True if core passes over the event. */
  isIgnored: boolean;
}

/**
 * Returns the end of the events from `begin` on that core applies before the next activation
 * (`find_end_index_of_next_wft_seq` in sdk-core's `history_update.rs`). Events up to `fromId` are passed over.
 */
export function findSequenceEnd(events: readonly KeyedEvent[], begin: number, fromId: number): SequenceEnd {
  let hasCommand = false;
  let hasCommandOrStart = false;
  const started: number[] = [];
  for (let index = begin; index < events.length; index++) {
    const { id, key } = events[index]!;
    if (id <= fromId) continue;
    if (COMMAND_KEYS.has(key)) hasCommand = hasCommandOrStart = true;
    if (key === 'workflowExecutionStartedEventAttributes') hasCommandOrStart = true;
    if (FINAL_KEYS.has(key)) return { index, isComplete: true };
    if (key !== 'workflowTaskStartedEventAttributes') continue;
    started.push(index);
    const next = events[index + 1];
    if (next && SKIPPING_KEYS.has(next.key)) {
      started.pop();
      continue;
    }
    if (next?.key === 'workflowTaskCompletedEventAttributes') {
      const afterNext = events[index + 2];
      if (afterNext) {
        // A heartbeat of a local activity.
        if (!hasCommand && afterNext.key === 'workflowTaskScheduledEventAttributes') continue;
        return { index: startOfUpdate(events, started, afterNext) ?? index, isComplete: true };
      }
    }
    if (hasCommandOrStart) return { index, isComplete: true };
  }
  return { index: Math.max(begin, events.length - 1), isComplete: false };
}

/** Returns the index of the task to which an accepted update was delivered; null for another event. */
function startOfUpdate(
  events: readonly KeyedEvent[],
  started: readonly number[],
  { event }: KeyedEvent,
): number | null {
  const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (!accepted) return null;
  const sequencingId = numberOf(accepted.acceptedRequestSequencingEventId);
  return started.findLast((index) => eventIdOf(events[index]!.event) < sequencingId) ?? null;
}
