import { temporal } from '@temporalio/proto';
import { type AttributesKey, nameOfAttributes, runEndStatusOf } from '../../temporal/event';
import { attributesKeyOfType, eventTypeName, eventTypeOfAttributes } from '../../temporal/event-types';
import { RELATIONS_BY_EVENT, referredIdOf } from '../../temporal/relations';
import type { HistoryProblem, HistoryProblemCode } from '../formats/problem';

export type { HistoryProblem, HistoryProblemCode } from '../formats/problem';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Attributes = Record<string, unknown>;

const { EventType } = temporal.api.enums.v1;
const CHILD_FAILED_CAUSES: object = temporal.api.enums.v1.StartChildWorkflowExecutionFailedCause;

const STARTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED;
const TASK_SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED;
const TASK_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED;
const TASK_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED;
const TASK_FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED;
const TASK_TIMED_OUT = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT;
const TERMINATED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED;
const EXECUTION_TIMED_OUT = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT;
const MARKER_RECORDED = EventType.EVENT_TYPE_MARKER_RECORDED;

/** What may follow WorkflowTaskStarted; core panics on anything else (sdk-core, replay/history_info.rs). */
const AFTER_TASK_STARTED = new Set([
  TASK_COMPLETED,
  TASK_FAILED,
  TASK_TIMED_OUT,
  TERMINATED,
  EXECUTION_TIMED_OUT,
]);

/** Ids that refer to no event. The time-skipping server writes -1 where it timed an activity out. */
const NO_EVENT: ReadonlySet<number> = new Set([0, -1]);

/**
 * Fields without which core or the SDK refuses the event, or takes it for a change of the code (each seen by leaving it out).
 * What an update needs is in `checkUpdates`.
 */
const REQUIRED = new Map<number, string[]>([
  [STARTED, ['workflowTaskTimeout']],
  [MARKER_RECORDED, ['markerName']],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, ['signalName']],
  [EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, ['activityId', 'activityType.name']],
  [EventType.EVENT_TYPE_TIMER_STARTED, ['timerId']],
  [EventType.EVENT_TYPE_TIMER_FIRED, ['timerId']],
  [EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED, ['workflowId', 'workflowType.name']],
  [EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED, ['workflowExecution.runId']],
]);

/** Events that core takes only where the server allows it to skip them (sdk-core, `is_ignorable`). */
const ONLY_IGNORABLE = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_PAUSED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UNPAUSED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
]);

/** Events that core doesn't take at all (and that no server is known to write). */
const UNSUPPORTED = new Set([
  EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY,
  EventType.EVENT_TYPE_ACTIVITY_PROPERTIES_MODIFIED_EXTERNALLY,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_REJECTED,
]);

const AGAIN = 'Download the history again: `temporal workflow show --output json`.';

/**
 * What makes a decoded history unfit for replay, or null. Everything that makes core panic or wait for ever, or for which a
 * verdict would say nothing about the code, is refused here; each rule was tried against core (test/history/validate/core.test.ts).
 */
export function validateHistory(history: History): HistoryProblem | null {
  const events = history.events ?? [];
  if (events.length === 0) return problem('NO_EVENTS', `has no events. ${AGAIN}`);
  return (
    checkIds(events) ??
    checkFirst(events[0]!) ??
    firstProblem(events, checkEvent) ??
    checkReferences(events) ??
    checkUpdates(events) ??
    checkTasks(events)
  );
}

/**
 * True where a worker was given a workflow task, so that there is something to replay. False for a run whose first task is only
 * scheduled (or that ended before it began): a legitimate history, with which any code is compatible. Core waits for ever on it.
 */
export function hasReplayableTask(history: History): boolean {
  const events = history.events ?? [];
  return events.some(
    (event, i) =>
      event.eventType === TASK_STARTED &&
      (events[i + 1] === undefined || events[i + 1]!.eventType === TASK_COMPLETED),
  );
}

const problem = (code: HistoryProblemCode, message: string): HistoryProblem => ({ code, message });

function firstProblem(
  events: HistoryEvent[],
  check: (event: HistoryEvent, index: number) => HistoryProblem | null,
): HistoryProblem | null {
  for (let i = 0; i < events.length; i++) {
    const found = check(events[i]!, i);
    if (found) return found;
  }
  return null;
}

const toNumber = (value: unknown): number =>
  typeof value === 'number' ? value : value == null ? 0 : Number(value);

const idOf = (event: HistoryEvent): number => toNumber(event.eventId);

const describe = (event: HistoryEvent): string => `event ${idOf(event)} (${eventTypeName(event.eventType)})`;

function checkIds(events: HistoryEvent[]): HistoryProblem | null {
  for (let i = 0; i < events.length; i++) {
    const id = idOf(events[i]!);
    if (!(id >= 1) || !Number.isSafeInteger(id)) {
      return problem(
        'EVENT_ID_INVALID',
        `events[${i}] has no valid event id; event ids count from 1. ${AGAIN}`,
      );
    }
    if (id !== i + 1) return wrongId(events, i, id);
  }
  return null;
}

function wrongId(events: HistoryEvent[], index: number, id: number): HistoryProblem {
  const ids = events.map(idOf);
  const distinct = new Set(ids);
  if (distinct.size === ids.length && ids.every((each) => each >= 1 && each <= ids.length)) {
    const how =
      id === ids.length && index === 0
        ? 'newest first, as with --reverse'
        : `event ${id} is at events[${index}]`;
    return problem('EVENT_ID_ORDER', `the events are not in order (${how}). ${AGAIN}`);
  }
  if (ids.indexOf(id) < index)
    return problem('EVENT_ID_DUPLICATE', `event id ${id} occurs twice (again at events[${index}]). ${AGAIN}`);
  if (index === 0)
    return problem(
      'WRONG_FIRST_EVENT',
      `starts at event ${id}; a replay needs the history from event 1 on. ${AGAIN}`,
    );
  const previous = ids[index - 1]!;
  if (id < previous)
    return problem(
      'EVENT_ID_ORDER',
      `event ${id} comes after event ${previous}: the events are not in order. ${AGAIN}`,
    );
  return problem(
    'EVENT_ID_GAP',
    `event ${previous} is followed by event ${id}: events are missing between them. ${AGAIN}`,
  );
}

function checkFirst(event: HistoryEvent): HistoryProblem | null {
  if (event.eventType !== STARTED) {
    return problem(
      'WRONG_FIRST_EVENT',
      `starts with ${eventTypeName(event.eventType)}; the first event of a workflow's history is WorkflowExecutionStarted. ${AGAIN}`,
    );
  }
  const started = event.workflowExecutionStartedEventAttributes;
  if (!started) return missingAttributes(event);
  if (!started.workflowType?.name)
    return problem('NO_WORKFLOW_TYPE', `event 1 names no workflow type. ${AGAIN}`);
  if (!started.taskQueue) return problem('NO_TASK_QUEUE', `event 1 names no task queue. ${AGAIN}`);
  if (!started.originalExecutionRunId) {
    return problem(
      'NO_RUN_ID',
      `event 1 has no originalExecutionRunId, from which random numbers are derived. ${AGAIN}`,
    );
  }
  return null;
}

const missingAttributes = (event: HistoryEvent): HistoryProblem =>
  problem('MISSING_ATTRIBUTES', `${describe(event)} has no attributes. ${AGAIN}`);

function checkEvent(event: HistoryEvent, index: number): HistoryProblem | null {
  const known = attributesKeyOfType(event.eventType);
  if (!known) {
    if (event.workerMayIgnore) return null;
    return problem(
      'UNKNOWN_EVENT_TYPE',
      `event ${idOf(event)} has a type (${event.eventType ?? 0}) that is not known to the installed @temporalio packages. ` +
        'Update them to the version that recorded it.',
    );
  }
  const present: string[] = [];
  for (const key of Object.keys(event)) {
    if (key.endsWith('EventAttributes') && (event as Attributes)[key] != null) present.push(key);
  }
  if (present.length === 0) {
    return event.workerMayIgnore && ONLY_IGNORABLE.has(event.eventType!) ? null : missingAttributes(event);
  }
  if (present.length > 1 || present[0] !== known) {
    const wrong = present.find((key) => key !== known);
    return problem(
      'ATTRIBUTES_MISMATCH',
      `${describe(event)} has the attributes of another type (${wrong}). ${AGAIN}`,
    );
  }
  if (UNSUPPORTED.has(event.eventType!) || (ONLY_IGNORABLE.has(event.eventType!) && !event.workerMayIgnore)) {
    return problem(
      'UNSUPPORTED_EVENT',
      `${describe(event)} is of a type that the SDK can not replay${ONLY_IGNORABLE.has(event.eventType!) ? ' unless it is marked workerMayIgnore' : ''}. ${AGAIN}`,
    );
  }
  if (event.eventType === STARTED && index > 0) {
    return problem(
      'SECOND_START',
      `${describe(event)} starts the workflow again: two histories in one list. ${AGAIN}`,
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
 * Core hands failures to the SDK inside more messages than they have in the history, and its reader (prost) stops at 100: a longer
 * chain of causes makes it wait for ever (from 96 failures on in an activity's; fewer leave room for deeper wrappings).
 */
const MAX_FAILURES = 90;

function checkFailures(event: HistoryEvent, attributes: Attributes): HistoryProblem | null {
  for (const key in attributes) {
    if (!key.endsWith('ailure')) continue;
    let failure = attributes[key] as temporal.api.failure.v1.IFailure | null | undefined;
    for (let count = 0; typeof failure === 'object' && failure; failure = failure.cause, count++) {
      if (count === MAX_FAILURES) {
        return problem(
          'TOO_DEEP',
          `${describe(event)} holds a chain of more than ${MAX_FAILURES} failures, which the SDK can not replay.`,
        );
      }
    }
  }
  return null;
}

function checkRequired(event: HistoryEvent, attributes: unknown): HistoryProblem | null {
  for (const path of REQUIRED.get(event.eventType!) ?? []) {
    let value: unknown = attributes;
    for (const key of path.split('.')) value = value == null ? value : (value as Attributes)[key];
    if (value == null || value === '')
      return problem('MISSING_FIELD', `${describe(event)} has no ${path}. ${AGAIN}`);
  }
  const cause = event.startChildWorkflowExecutionFailedEventAttributes?.cause;
  if (cause != null && !(cause in CHILD_FAILED_CAUSES)) {
    return problem(
      'BAD_FIELD',
      `${describe(event)} has a cause (${cause}) that the SDK doesn't know. Update the @temporalio packages.`,
    );
  }
  return null;
}

/** Core needs the time of these (`WFT started event must contain timestamp`), and workflow code sees it. */
function checkTime(event: HistoryEvent): HistoryProblem | null {
  const time = event.eventTime;
  if (!time) {
    if (event.eventType !== STARTED && event.eventType !== TASK_STARTED) return null;
    return problem(
      'MISSING_TIME',
      `${describe(event)} has no eventTime, which workflow code sees as the current time. ${AGAIN}`,
    );
  }
  const seconds = toNumber(time.seconds);
  const nanos = time.nanos ?? 0;
  if (!(seconds >= 0 && seconds <= 253_402_300_799 && nanos >= 0 && nanos <= 999_999_999)) {
    return problem('BAD_TIME', `${describe(event)} has an eventTime outside of 1970 to 9999. ${AGAIN}`);
  }
  return null;
}

/** Core takes one payload as a result (`MoreThanOnePayload` is a FATAL error); none is normalised away in decoding. */
function checkResult(event: HistoryEvent): HistoryProblem | null {
  const result = (
    event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes
  )?.result;
  if (!result || result.payloads?.length === 1) return null;
  return problem(
    'BAD_RESULT',
    `${describe(event)} has a result of ${result.payloads?.length ?? 0} payloads; the SDK takes exactly one.`,
  );
}

function checkMarker(event: HistoryEvent): HistoryProblem | null {
  if (event.eventType !== MARKER_RECORDED) return null;
  const marker = event.markerRecordedEventAttributes!;
  const bad = (what: string): HistoryProblem => problem('BAD_MARKER', `${describe(event)} ${what}. ${AGAIN}`);
  if (marker.markerName === 'core_local_activity') {
    if (!isLocalActivityData(jsonOf(marker.details?.['data']))) {
      return bad('is a local activity marker whose data can not be read');
    }
  } else if (marker.markerName === 'core_patch') {
    if (!namesPatch(marker.details ?? {})) return bad('is a patch marker that names no patch');
  }
  return null;
}

/** As `LocalActivityMarkerData` of sdk-core reads it: every field must be there, times as null or whole. */
function isLocalActivityData(data: Attributes | undefined): boolean {
  const isUint32 = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
  const isTime = (value: unknown): boolean =>
    value === null ||
    (typeof value === 'object' &&
      ['seconds', 'nanos'].every((key) => Number.isInteger((value as Attributes)[key])));
  return (
    data !== undefined &&
    isUint32(data['seq']) &&
    isUint32(data['attempt']) &&
    typeof data['activity_id'] === 'string' &&
    typeof data['activity_type'] === 'string' &&
    ['complete_time', 'backoff', 'original_schedule_time'].every((key) => isTime(data[key]))
  );
}

/** As `decode_change_marker_details` of sdk-core's protos/mod.rs: json/plain, or the plain bytes of older SDKs. */
function namesPatch(details: Record<string, temporal.api.common.v1.IPayloads>): boolean {
  const payload = details['patch-data']?.payloads?.[0];
  if (details['patch-data']) {
    const encoding = payload?.metadata?.['encoding'];
    const data = jsonOf(details['patch-data']);
    return (
      encoding !== undefined &&
      Buffer.from(encoding).toString() === 'json/plain' &&
      typeof data?.['id'] === 'string' &&
      typeof data['deprecated'] === 'boolean'
    );
  }
  return (
    Boolean(details['patch_id']?.payloads?.[0]?.data) &&
    (details['deprecated']?.payloads?.[0]?.data?.length ?? 0) > 0
  );
}

function jsonOf(payloads: temporal.api.common.v1.IPayloads | undefined): Attributes | undefined {
  const data = payloads?.payloads?.[0]?.data;
  if (!data) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString());
    return typeof value === 'object' && value !== null ? (value as Attributes) : undefined;
  } catch {
    return undefined;
  }
}

function checkReferences(events: HistoryEvent[]): HistoryProblem | null {
  /** What has happened so far to what the event with this id began. */
  const phases = new Map<number, { start?: HistoryEvent; cancel?: HistoryEvent; end?: HistoryEvent }>();
  const localActivities = new Set<number>();
  for (let index = 0; index < events.length; index++) {
    const event = events[index]!;
    if (event.eventType === MARKER_RECORDED) {
      const seq = localActivitySeq(event);
      if (seq === undefined) continue;
      if (localActivities.has(seq)) {
        return problem(
          'BAD_SEQUENCE',
          `${describe(event)} records the result of a local activity a second time. ${AGAIN}`,
        );
      }
      localActivities.add(seq);
      continue;
    }
    const key = attributesKeyOfType(event.eventType);
    if (key === undefined || !event[key]) continue;
    for (const { field, to, optional, effect, needsStart } of RELATIONS_BY_EVENT.get(key) ?? []) {
      const id = referredIdOf(event, key, field);
      if (optional && NO_EVENT.has(id)) continue;
      const target = id >= 1 && id <= index ? events[id - 1] : undefined;
      if (target?.eventType !== eventTypeOfAttributes(to)) {
        const found = target ? `is ${eventTypeName(target.eventType)}` : 'is not an earlier event';
        return problem(
          'BAD_REFERENCE',
          `${describe(event)} refers by ${field} to event ${id}, which ${found} instead of ${nameOfAttributes(to)}. ${AGAIN}`,
        );
      }
      if (effect === 'change' || isOfWorkflowTask(to)) continue;
      const state = phases.get(id) ?? {};
      phases.set(id, state);
      const before = state.end ?? state[effect];
      if (before) {
        return problem(
          'BAD_SEQUENCE',
          `${describe(event)} can not follow ${describe(before)}, both of ${describe(target)}. ${AGAIN}`,
        );
      }
      if (needsStart && !state.start) {
        return problem(
          'BAD_SEQUENCE',
          `${describe(event)} ends what ${describe(target)} began, but it was never started. ${AGAIN}`,
        );
      }
      state[effect] = event;
    }
  }
  return null;
}

/** Workflow tasks follow one another: `checkTasks` checks their order. */
const isOfWorkflowTask = (key: AttributesKey): boolean => key.startsWith('workflowTask');

function endsRun(eventType: number): boolean {
  const key = attributesKeyOfType(eventType);
  return key !== undefined && runEndStatusOf(key) !== undefined;
}

function localActivitySeq(event: HistoryEvent): number | undefined {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== 'core_local_activity') return undefined;
  const seq = jsonOf(marker.details?.['data'])?.['seq'];
  return typeof seq === 'number' ? seq : undefined;
}

/** Core makes the update's request anew from its Accepted event, or from the Admitted event before it. */
function checkUpdates(events: HistoryEvent[]): HistoryProblem | null {
  const admitted = new Set<string>();
  const accepted = new Set<string>();
  for (const event of events) {
    const admission = event.workflowExecutionUpdateAdmittedEventAttributes;
    const acceptance = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (!admission && !acceptance) continue;
    const request = admission ? admission.request : acceptance!.acceptedRequest;
    const instance = acceptance?.protocolInstanceId ?? '';
    if (acceptance && instance === '')
      return problem('BAD_UPDATE', `${describe(event)} has no protocolInstanceId. ${AGAIN}`);
    const whole = request?.meta?.updateId && request.input?.name;
    if (!whole && !admitted.has(instance)) {
      return problem('BAD_UPDATE', `${describe(event)} does not hold the update's request. ${AGAIN}`);
    }
    if (admission) admitted.add(request?.meta?.updateId ?? '');
    else if (accepted.has(instance)) {
      return problem('BAD_UPDATE', `${describe(event)} accepts an update that was accepted before. ${AGAIN}`);
    } else accepted.add(instance);
  }
  return null;
}

/** The order of workflow tasks, and that nothing follows the end. */
function checkTasks(events: HistoryEvent[]): HistoryProblem | null {
  let task: 'none' | 'scheduled' | 'started' = 'none';
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    const next = events[i + 1];
    const eventType = event.eventType ?? 0;
    const bad = (what: string): HistoryProblem =>
      problem('BAD_SEQUENCE', `${describe(event)} ${what}. ${AGAIN}`);
    if (endsRun(eventType) && next) {
      return problem(
        'EVENT_AFTER_END',
        `${describe(next)} comes after ${describe(event)}, which ended the workflow. ${AGAIN}`,
      );
    }
    if (eventType === TASK_SCHEDULED) {
      if (task !== 'none') return bad('schedules a workflow task while another one is not done');
      task = 'scheduled';
    } else if (eventType === TASK_STARTED) {
      if (task !== 'scheduled') return bad('starts a workflow task that was not scheduled');
      if (next && !AFTER_TASK_STARTED.has(next.eventType ?? 0)) {
        return bad(
          `is followed by ${eventTypeName(next.eventType)}; only the end of the workflow task, or of the workflow, can follow it`,
        );
      }
      task = 'started';
    } else if (eventType === TASK_COMPLETED) {
      if (task !== 'started') return bad('completes a workflow task that was not started');
      task = 'none';
    } else if (eventType === TASK_FAILED || eventType === TASK_TIMED_OUT) {
      // One that was never started can time out, but not fail.
      if (task === 'none' || (eventType === TASK_FAILED && task !== 'started')) {
        return bad(`ends a workflow task that was not ${task === 'none' ? 'scheduled' : 'started'}`);
      }
      task = 'none';
    }
  }
  return null;
}
