import { type AttributesKey, type Event, attributesKeyOf, eventIdOf, numberOf } from './event';

/**
 * The events of a history that refer to an earlier event: to the one that began an activity, timer, child, signal or
 * cancellation of another workflow, Nexus operation, update or workflow task. This table is the only place that says which
 * event starts, changes or ends which, and through which field.
 */

/** The effect of an event on what the earlier event began. Nothing but `change` happens twice. */
export type Effect = 'start' | 'cancel' | 'change' | 'end';

/** The way in which something ended. */
export type Outcome = 'completed' | 'failed' | 'canceled' | 'timedOut' | 'terminated';

export interface Relation {
  /** Attributes of the earlier event. */
  to: AttributesKey;
  /** The attribute that holds the id of the earlier event. */
  field: EventIdField;
  effect: Effect;
  /** Set for an end, unless the attributes of the event tell the outcome (an update). */
  outcome?: Outcome;
  /** True if the event can only follow a `start`. */
  needsStart?: boolean;
  /** An attribute that both events have, with the same value. */
  same?: 'timerId';
  /** True if the field can hold no id: 0, or -1 as the time-skipping server writes it. */
  optional?: boolean;
}

/** Attributes that hold the id of an event. */
type EventIdField = {
  [Key in AttributesKey]: Extract<keyof NonNullable<Event[Key]>, `${string}EventId`>;
}[AttributesKey];

/** Events that have the attribute `Field`. */
type EventsWith<Field extends EventIdField> = {
  [Key in AttributesKey]: Field extends keyof NonNullable<Event[Key]> ? Key : never;
}[AttributesKey];

type Rule = Omit<Relation, 'to' | 'field'>;

const START: Rule = { effect: 'start' };
const CANCEL: Rule = { effect: 'cancel' };
const CHANGE: Rule = { effect: 'change' };
const end = (outcome?: Outcome): Rule => ({ effect: 'end', ...(outcome && { outcome }) });
const endOfStarted = (outcome: Outcome): Rule => ({ ...end(outcome), needsStart: true });
const optional = (rule: Rule): Rule => ({ ...rule, optional: true });

const RELATIONS = new Map<AttributesKey, Relation[]>();

function relate<Field extends EventIdField>(
  to: AttributesKey,
  field: Field,
  rules: Partial<Record<EventsWith<Field>, Rule>>,
): void {
  for (const [event, rule] of Object.entries(rules) as [AttributesKey, Rule][])
    RELATIONS.set(event, [...(RELATIONS.get(event) ?? []), { to, field, ...rule }]);
}

// `startedEventId` of an activity's end is left out: core never reads it, and the time-skipping server (1.40) writes it wrong.
relate('activityTaskScheduledEventAttributes', 'scheduledEventId', {
  activityTaskStartedEventAttributes: START,
  activityTaskCancelRequestedEventAttributes: CANCEL,
  activityPropertiesModifiedExternallyEventAttributes: CHANGE,
  activityTaskCompletedEventAttributes: endOfStarted('completed'),
  activityTaskFailedEventAttributes: endOfStarted('failed'),
  activityTaskTimedOutEventAttributes: end('timedOut'),
  activityTaskCanceledEventAttributes: end('canceled'),
});
relate('timerStartedEventAttributes', 'startedEventId', {
  timerFiredEventAttributes: { ...end('completed'), same: 'timerId' },
  timerCanceledEventAttributes: { ...optional(end('canceled')), same: 'timerId' },
});
relate('startChildWorkflowExecutionInitiatedEventAttributes', 'initiatedEventId', {
  childWorkflowExecutionStartedEventAttributes: START,
  startChildWorkflowExecutionFailedEventAttributes: end('failed'),
  childWorkflowExecutionCompletedEventAttributes: endOfStarted('completed'),
  childWorkflowExecutionFailedEventAttributes: endOfStarted('failed'),
  childWorkflowExecutionCanceledEventAttributes: endOfStarted('canceled'),
  childWorkflowExecutionTimedOutEventAttributes: endOfStarted('timedOut'),
  childWorkflowExecutionTerminatedEventAttributes: endOfStarted('terminated'),
});
relate('signalExternalWorkflowExecutionInitiatedEventAttributes', 'initiatedEventId', {
  externalWorkflowExecutionSignaledEventAttributes: end('completed'),
  signalExternalWorkflowExecutionFailedEventAttributes: end('failed'),
});
relate('requestCancelExternalWorkflowExecutionInitiatedEventAttributes', 'initiatedEventId', {
  externalWorkflowExecutionCancelRequestedEventAttributes: end('completed'),
  requestCancelExternalWorkflowExecutionFailedEventAttributes: end('failed'),
});
relate('nexusOperationScheduledEventAttributes', 'scheduledEventId', {
  nexusOperationStartedEventAttributes: START,
  nexusOperationCancelRequestedEventAttributes: CANCEL,
  nexusOperationCancelRequestCompletedEventAttributes: CHANGE,
  nexusOperationCancelRequestFailedEventAttributes: CHANGE,
  nexusOperationCompletedEventAttributes: end('completed'),
  nexusOperationFailedEventAttributes: end('failed'),
  nexusOperationCanceledEventAttributes: end('canceled'),
  nexusOperationTimedOutEventAttributes: end('timedOut'),
});
relate('workflowExecutionUpdateAcceptedEventAttributes', 'acceptedEventId', {
  workflowExecutionUpdateCompletedEventAttributes: optional(end()),
});
relate('workflowTaskScheduledEventAttributes', 'scheduledEventId', {
  workflowTaskStartedEventAttributes: START,
  workflowTaskCompletedEventAttributes: end('completed'),
  workflowTaskFailedEventAttributes: end('failed'),
  workflowTaskTimedOutEventAttributes: end('timedOut'),
});
relate('workflowTaskStartedEventAttributes', 'startedEventId', {
  workflowTaskCompletedEventAttributes: optional(end('completed')),
  workflowTaskFailedEventAttributes: optional(end('failed')),
  workflowTaskTimedOutEventAttributes: optional(end('timedOut')),
});

/** Every relation, by the attributes of the event that refers. The first one leads to the event that began what it belongs to. */
export const RELATIONS_BY_EVENT: ReadonlyMap<AttributesKey, readonly Relation[]> = RELATIONS;

/** Returns the id that an event holds in a field; 0 if there is none. */
export const referredIdOf = (event: Event, key: AttributesKey, field: EventIdField): number =>
  numberOf((event[key] as Record<string, object | null> | null | undefined)?.[field]);

/** A reference of one event to the earlier one that began what it belongs to. */
export interface Reference {
  relation: Relation;
  /** Id of the earlier event. */
  eventId: number;
}

/** Returns the reference of an event; null if the event belongs to nothing that began earlier. */
export function referenceOf(event: Event): Reference | null {
  const key = attributesKeyOf(event);
  const relation = key && RELATIONS.get(key)?.[0];
  return relation ? { relation, eventId: referredIdOf(event, key, relation.field) } : null;
}

/** Returns the id of the event whose activity, timer, child … this event ends; 0 if it ends none. */
export function endedEventIdOf(event: Event): number {
  const reference = referenceOf(event);
  return reference?.relation.effect === 'end' ? reference.eventId : 0;
}

/** Returns the events with these attributes that no other event has ended. */
export function openEvents(events: readonly Event[], begunBy: AttributesKey): Event[] {
  const ended = new Set(events.map(endedEventIdOf));
  return events.filter((event) => event[begunBy] && !ended.has(eventIdOf(event)));
}
