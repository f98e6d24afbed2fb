import { temporal } from '@temporalio/proto';
import { type Event, eventIdOf, numberOf } from '../../temporal/event';
import { attributesKeyOfType } from '../../temporal/event-types';
import type { HistoryProblem } from '../formats/problem';
import { checkMarker } from './check-marker';
import { describeEvent, problem, refuse } from './refusal';

type Attributes = Record<string, unknown>;

const { EventType } = temporal.api.enums.v1;
const CHILD_FAILED_CAUSES: object = temporal.api.enums.v1.StartChildWorkflowExecutionFailedCause;

/**
 * Fields without which core or the SDK refuses the event, or takes it for a change of the code (each seen by leaving it out).
 * `checkUpdates` has those of updates.
 */
const REQUIRED = new Map<number, string[]>([
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, ['workflowTaskTimeout']],
  [EventType.EVENT_TYPE_MARKER_RECORDED, ['markerName']],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, ['signalName']],
  [EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, ['activityId', 'activityType.name']],
  [EventType.EVENT_TYPE_TIMER_STARTED, ['timerId']],
  [EventType.EVENT_TYPE_TIMER_FIRED, ['timerId']],
  [EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED, ['workflowId', 'workflowType.name']],
  [EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED, ['workflowExecution.runId']],
]);

/** Events that core takes only if the server allows it to skip them (sdk-core, `is_ignorable`). */
const ONLY_IGNORABLE = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_PAUSED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UNPAUSED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
]);

/** Events that core never takes, and that no known server writes. */
const UNSUPPORTED = new Set([
  EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY,
  EventType.EVENT_TYPE_ACTIVITY_PROPERTIES_MODIFIED_EXTERNALLY,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_REJECTED,
]);

export const missingAttributes = (event: Event): HistoryProblem =>
  refuse('MISSING_ATTRIBUTES', `${describeEvent(event)} has no attributes`);

/** Refuses an event that core or the SDK cannot take, whatever the other events are. */
export function checkEvent(event: Event, index: number): HistoryProblem | null {
  const known = attributesKeyOfType(event.eventType);
  if (!known) {
    if (event.workerMayIgnore) return null;
    return problem(
      'UNKNOWN_EVENT_TYPE',
      `event ${eventIdOf(event)} has a type (${event.eventType ?? 0}) that is not known to the installed @temporalio packages. ` +
        'Update them to the version that recorded it.',
    );
  }
  const ignorable = ONLY_IGNORABLE.has(event.eventType!);
  const present: string[] = [];
  for (const key of Object.keys(event)) {
    if (key.endsWith('EventAttributes') && (event as Attributes)[key] != null) present.push(key);
  }
  if (present.length === 0) {
    return event.workerMayIgnore && ignorable ? null : missingAttributes(event);
  }
  if (present.length > 1 || present[0] !== known) {
    const wrong = present.find((key) => key !== known);
    return refuse(
      'ATTRIBUTES_MISMATCH',
      `${describeEvent(event)} has the attributes of another type (${wrong})`,
    );
  }
  if (UNSUPPORTED.has(event.eventType!) || (ignorable && !event.workerMayIgnore)) {
    return refuse(
      'UNSUPPORTED_EVENT',
      `${describeEvent(event)} is of a type that the SDK can not replay${ignorable ? ' unless it is marked workerMayIgnore' : ''}`,
    );
  }
  if (event.eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED && index > 0) {
    return refuse(
      'SECOND_START',
      `${describeEvent(event)} starts the workflow again: two histories in one list`,
    );
  }
  return (
    checkTime(event) ??
    checkRequired(event, (event as Attributes)[known]) ??
    checkResult(event) ??
    checkMarker(event) ??
    checkFailures(event, (event as Attributes)[known] as Attributes)
  );
}

/**
 * Longest chain of failures. Core hands failures to the SDK inside more messages than they have in the history, and its reader
 * (prost) stops at 100 messages: a longer chain of causes makes it wait for ever, from 96 failures on in an activity's. The limit
 * leaves room for deeper wrappings.
 */
const MAX_FAILURES = 90;

function checkFailures(event: Event, attributes: Attributes): HistoryProblem | null {
  for (const key in attributes) {
    if (!key.endsWith('ailure')) continue;
    let failure = attributes[key] as temporal.api.failure.v1.IFailure | null | undefined;
    for (let count = 0; typeof failure === 'object' && failure; failure = failure.cause, count++) {
      if (count === MAX_FAILURES) {
        return problem(
          'TOO_DEEP',
          `${describeEvent(event)} holds a chain of more than ${MAX_FAILURES} failures, which the SDK can not replay.`,
        );
      }
    }
  }
  return null;
}

function checkRequired(event: Event, attributes: unknown): HistoryProblem | null {
  for (const path of REQUIRED.get(event.eventType!) ?? []) {
    let value: unknown = attributes;
    for (const key of path.split('.')) value = value == null ? value : (value as Attributes)[key];
    if (value == null || value === '')
      return refuse('MISSING_FIELD', `${describeEvent(event)} has no ${path}`);
  }
  const cause = event.startChildWorkflowExecutionFailedEventAttributes?.cause;
  if (cause != null && !(cause in CHILD_FAILED_CAUSES)) {
    return problem(
      'BAD_FIELD',
      `${describeEvent(event)} has a cause (${cause}) that the SDK doesn't know. Update the @temporalio packages.`,
    );
  }
  return null;
}

/** Events whose time core needs (`WFT started event must contain timestamp`), and workflow code sees. */
const NEEDS_TIME = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
]);

function checkTime(event: Event): HistoryProblem | null {
  const time = event.eventTime;
  if (!time) {
    if (!NEEDS_TIME.has(event.eventType!)) return null;
    return refuse(
      'MISSING_TIME',
      `${describeEvent(event)} has no eventTime, which workflow code sees as the current time`,
    );
  }
  const seconds = numberOf(time.seconds);
  const nanos = time.nanos ?? 0;
  if (!(seconds >= 0 && seconds <= 253_402_300_799 && nanos >= 0 && nanos <= 999_999_999)) {
    return refuse('BAD_TIME', `${describeEvent(event)} has an eventTime outside of 1970 to 9999`);
  }
  return null;
}

/** Core takes one payload as a result (`MoreThanOnePayload` is a FATAL error); decoding removes an empty result. */
function checkResult(event: Event): HistoryProblem | null {
  const result = (
    event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes
  )?.result;
  if (!result || result.payloads?.length === 1) return null;
  return problem(
    'BAD_RESULT',
    `${describeEvent(event)} has a result of ${result.payloads?.length ?? 0} payloads; the SDK takes exactly one.`,
  );
}
