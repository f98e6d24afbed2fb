import type { temporal } from '@temporalio/proto';
import type { TimelineEntry } from '../model/timeline';

/** A recorded event, as decoding gives it: ids and times may be Longs, strings or numbers. */
export type Event = temporal.api.history.v1.IHistoryEvent;
/** A recorded history, as decoding gives it. */
export type History = temporal.api.history.v1.IHistory;
export type AttributesKey = Extract<keyof Event, `${string}EventAttributes`>;

/** Returns a 64-bit number of a message as a number, rounded if it is too large for one; 0 if it is not set. */
export function numberOf(value: object | string | number | null | undefined): number {
  if (typeof value === 'number') return value;
  // `Number` would read the text of a Long, which takes long to make.
  return isLong(value) ? value.toNumber() : Number(value ?? 0);
}

const isLong = (value: unknown): value is { toNumber(): number } =>
  typeof value === 'object' && value !== null && 'toNumber' in value;

export const eventIdOf = (event: Event): number => numberOf(event.eventId);

/** Returns the attributes field that an event has set; undefined for an event of a type that this version doesn't know. */
export function attributesKeyOf(event: Event): AttributesKey | undefined {
  // Decoded protobuf classes have the name of the set field of the union `attributes` at hand.
  const named = (event as { attributes?: AttributesKey }).attributes;
  if (named !== undefined) return named;
  return (Object.keys(event) as AttributesKey[]).find(
    (key) => key.endsWith('EventAttributes') && event[key] != null,
  );
}

/** Returns the name of an event type in the CamelCase of the Web UI: `timerFiredEventAttributes` → `TimerFired`. */
export const nameOfAttributes = (key: AttributesKey): string =>
  `${key[0]!.toUpperCase()}${key.slice(1, -'EventAttributes'.length)}`;

/** Returns a protobuf Timestamp or Duration in milliseconds, with fractions; 0 if it is not set. */
export function milliseconds(
  time:
    { seconds?: { toString(): string } | number | string | null; nanos?: number | null } | null | undefined,
): number {
  return numberOf(time?.seconds) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** Returns the time of an event in ISO 8601; null if it has none that a date can show. */
export function timeOf(event: Event | undefined): string | null {
  const time = new Date(milliseconds(event?.eventTime));
  return !event?.eventTime || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/**
 * The events that end a run, with the status in which each leaves it. No event can follow one of them (sdk-core,
 * `is_final_wf_execution_event`).
 */
export const RUN_END_STATUS = {
  workflowExecutionCompletedEventAttributes: 'completed',
  workflowExecutionFailedEventAttributes: 'failed',
  workflowExecutionTimedOutEventAttributes: 'timedOut',
  workflowExecutionCanceledEventAttributes: 'canceled',
  workflowExecutionTerminatedEventAttributes: 'terminated',
  workflowExecutionContinuedAsNewEventAttributes: 'continuedAsNew',
} as const satisfies Partial<Record<AttributesKey, TimelineEntry['status']>>;

/** Returns the status in which an event with these attributes leaves its run; undefined if it does not end the run. */
export const runEndStatusOf = (key: AttributesKey): TimelineEntry['status'] | undefined =>
  (RUN_END_STATUS as Partial<Record<AttributesKey, TimelineEntry['status']>>)[key];

const RUN_ENDS = Object.keys(RUN_END_STATUS) as (keyof typeof RUN_END_STATUS)[];

/** Returns true if these are all events of a run that has ended. */
export const isClosed = (events: readonly Event[]): boolean => RUN_ENDS.some((key) => events.at(-1)?.[key]);
