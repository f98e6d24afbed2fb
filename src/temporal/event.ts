import type { temporal } from '@temporalio/proto';

/** A recorded event, as decoding gives it: ids and times may be Longs, strings or numbers. */
export type Event = temporal.api.history.v1.IHistoryEvent;
export type AttributesKey = Extract<keyof Event, `${string}EventAttributes`>;

export const eventIdOf = (event: Event): number => Number(event.eventId ?? 0);

/** Which of its attribute fields an event has set; undefined for an event of a type that this version doesn't know. */
export function attributesKeyOf(event: Event): string | undefined {
  // Decoded protobuf classes have the name of the set field of the union `attributes` at hand.
  const named = (event as { attributes?: string }).attributes;
  if (named !== undefined) return named;
  return Object.keys(event).find(
    (key) => key.endsWith('EventAttributes') && event[key as AttributesKey] != null,
  );
}

/** A protobuf Timestamp or Duration in milliseconds, with what there is below one; 0 where it is not set. */
export function milliseconds(
  time:
    { seconds?: { toString(): string } | number | string | null; nanos?: number | null } | null | undefined,
): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

const CLOSING = [
  'workflowExecutionCompletedEventAttributes',
  'workflowExecutionFailedEventAttributes',
  'workflowExecutionTimedOutEventAttributes',
  'workflowExecutionCanceledEventAttributes',
  'workflowExecutionTerminatedEventAttributes',
  'workflowExecutionContinuedAsNewEventAttributes',
] as const;

/** Whether the run that these are all the events of has ended. */
export const isClosed = (events: readonly Event[]): boolean => CLOSING.some((key) => events.at(-1)?.[key]);
