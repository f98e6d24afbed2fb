import { temporal } from '@temporalio/proto';
import type { HistoryProblem, HistoryProblemCode } from './formats/problem';

export type { HistoryProblem, HistoryProblemCode } from './formats/problem';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Attributes = Record<string, unknown>;

const { EventType } = temporal.api.enums.v1;
type EventTypeName = keyof typeof EventType;

/** `EVENT_TYPE_TIMER_FIRED` → `TimerFired`. */
const camelCase = (name: string): string =>
  name
    .replace(/^EVENT_TYPE_/, '')
    .toLowerCase()
    .replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Name and attributes field of each event type. */
const TYPES = new Map<number, { name: string; attributes: string }>();
for (const [key, value] of Object.entries(EventType)) {
  if (typeof value !== 'number' || value === 0) continue;
  const name = camelCase(key);
  TYPES.set(value, { name, attributes: `${name[0]!.toLowerCase()}${name.slice(1)}EventAttributes` });
}

/** Event type in the CamelCase of the Web UI; `event type 99` for one that the installed packages don't know. */
export function eventTypeName(type: number | null | undefined): string {
  return TYPES.get(type ?? 0)?.name ?? `event type ${type ?? 0}`;
}

const type = (name: string): number => {
  const key = `EVENT_TYPE_${name}` as EventTypeName;
  return EventType[key];
};

const STARTED = type('WORKFLOW_EXECUTION_STARTED');
const TASK_SCHEDULED = type('WORKFLOW_TASK_SCHEDULED');
const TASK_STARTED = type('WORKFLOW_TASK_STARTED');
const TASK_COMPLETED = type('WORKFLOW_TASK_COMPLETED');
const TASK_FAILED = type('WORKFLOW_TASK_FAILED');
const TASK_TIMED_OUT = type('WORKFLOW_TASK_TIMED_OUT');
const TERMINATED = type('WORKFLOW_EXECUTION_TERMINATED');
const EXECUTION_TIMED_OUT = type('WORKFLOW_EXECUTION_TIMED_OUT');
const MARKER_RECORDED = type('MARKER_RECORDED');

/** Events that end the run: nothing can follow (sdk-core, `is_final_wf_execution_event`). */
const TERMINAL = new Set([
  type('WORKFLOW_EXECUTION_COMPLETED'),
  type('WORKFLOW_EXECUTION_FAILED'),
  type('WORKFLOW_EXECUTION_CANCELED'),
  type('WORKFLOW_EXECUTION_CONTINUED_AS_NEW'),
  TERMINATED,
  EXECUTION_TIMED_OUT,
]);

/** What may follow WorkflowTaskStarted; core panics on anything else (sdk-core, replay/history_info.rs). */
const AFTER_TASK_STARTED = new Set([
  TASK_COMPLETED,
  TASK_FAILED,
  TASK_TIMED_OUT,
  TERMINATED,
  EXECUTION_TIMED_OUT,
]);

/** Which earlier event an event points to, and through which field. `optional`: 0 where there was no such event. */
interface Reference {
  field: string;
  to: number;
  optional?: boolean;
}

const REFERENCES = new Map<number, Reference[]>();
const refer = (names: string[], ...references: Reference[]): void => {
  for (const name of names)
    REFERENCES.set(type(name), [...(REFERENCES.get(type(name)) ?? []), ...references]);
};
const scheduled = (to: string): Reference => ({ field: 'scheduledEventId', to: type(to) });
const initiated = (to: string): Reference => ({ field: 'initiatedEventId', to: type(to) });

refer(
  ['STARTED', 'COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED', 'CANCEL_REQUESTED'].map(
    (name) => `ACTIVITY_TASK_${name}`,
  ),
  scheduled('ACTIVITY_TASK_SCHEDULED'),
);
refer(
  ['COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED'].map((name) => `ACTIVITY_TASK_${name}`),
  { field: 'startedEventId', to: type('ACTIVITY_TASK_STARTED'), optional: true },
);
refer(['TIMER_FIRED', 'TIMER_CANCELED'], { field: 'startedEventId', to: type('TIMER_STARTED') });
refer(
  ['STARTED', 'COMPLETED', 'FAILED', 'TIMED_OUT'].map((name) => `WORKFLOW_TASK_${name}`),
  scheduled('WORKFLOW_TASK_SCHEDULED'),
);
refer(
  ['COMPLETED', 'FAILED', 'TIMED_OUT'].map((name) => `WORKFLOW_TASK_${name}`),
  { field: 'startedEventId', to: TASK_STARTED, optional: true },
);
refer(
  [
    'START_CHILD_WORKFLOW_EXECUTION_FAILED',
    ...['STARTED', 'COMPLETED', 'FAILED', 'CANCELED', 'TIMED_OUT', 'TERMINATED'].map(
      (name) => `CHILD_WORKFLOW_EXECUTION_${name}`,
    ),
  ],
  initiated('START_CHILD_WORKFLOW_EXECUTION_INITIATED'),
);
refer(
  ['SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED', 'EXTERNAL_WORKFLOW_EXECUTION_SIGNALED'],
  initiated('SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED'),
);
refer(
  ['REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED', 'EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED'],
  initiated('REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED'),
);
refer(
  [
    'STARTED',
    'COMPLETED',
    'FAILED',
    'CANCELED',
    'TIMED_OUT',
    'CANCEL_REQUESTED',
    'CANCEL_REQUEST_COMPLETED',
    'CANCEL_REQUEST_FAILED',
  ].map((name) => `NEXUS_OPERATION_${name}`),
  scheduled('NEXUS_OPERATION_SCHEDULED'),
);
refer(['WORKFLOW_EXECUTION_UPDATE_COMPLETED'], {
  field: 'acceptedEventId',
  to: type('WORKFLOW_EXECUTION_UPDATE_ACCEPTED'),
});

const AGAIN = 'Download the history again: `temporal workflow show --output json`.';

/**
 * What makes a decoded history unfit for replay, or null. Everything that makes core panic or wait for ever, or for which a
 * verdict would say nothing about the code, is refused here; each rule was tried against core (test/history/core.test.ts).
 */
export function validateHistory(history: History): HistoryProblem | null {
  const events = history.events ?? [];
  if (events.length === 0) return problem('NO_EVENTS', `has no events. ${AGAIN}`);
  return (
    checkIds(events) ??
    checkFirst(events[0]!) ??
    firstProblem(events, checkEvent) ??
    firstProblem(events, (event, i) => checkReferences(event, i, events)) ??
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
  const known = TYPES.get(event.eventType ?? 0);
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
  if (present.length === 0) return event.workerMayIgnore ? null : missingAttributes(event);
  if (present.length > 1 || present[0] !== known.attributes) {
    const wrong = present.find((key) => key !== known.attributes);
    return problem(
      'ATTRIBUTES_MISMATCH',
      `${describe(event)} has the attributes of another type (${wrong}). ${AGAIN}`,
    );
  }
  if (event.eventType === STARTED && index > 0) {
    return problem(
      'SECOND_START',
      `${describe(event)} starts the workflow again: two histories in one list. ${AGAIN}`,
    );
  }
  return checkTime(event) ?? checkResult(event) ?? checkMarker(event);
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
    const data = jsonOf(marker.details?.['data']);
    if (data === undefined || !Number.isInteger(data['seq']))
      return bad('is a local activity marker whose data can not be read');
  } else if (marker.markerName === 'core_patch') {
    const data = jsonOf(marker.details?.['patch-data']);
    if (typeof data?.['id'] !== 'string' && !marker.details?.['patch_id'])
      return bad('is a patch marker that names no patch');
  }
  return null;
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

function checkReferences(event: HistoryEvent, index: number, events: HistoryEvent[]): HistoryProblem | null {
  const references = REFERENCES.get(event.eventType ?? 0);
  if (!references) return null;
  const attributes = (event as Attributes)[TYPES.get(event.eventType!)!.attributes] as Attributes | undefined;
  if (!attributes) return null;
  for (const { field, to, optional } of references) {
    const id = toNumber(attributes[field]);
    if (id === 0 && optional) continue;
    const target = id >= 1 && id <= index ? events[id - 1] : undefined;
    if (target?.eventType === to) continue;
    const found = target ? `is ${eventTypeName(target.eventType)}` : 'is not an earlier event';
    return problem(
      'BAD_REFERENCE',
      `${describe(event)} refers by ${field} to event ${id}, which ${found} instead of ${eventTypeName(to)}. ${AGAIN}`,
    );
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
    if (TERMINAL.has(eventType) && next) {
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
      if (task === 'none') return bad('ends a workflow task that was not scheduled');
      task = 'none';
    }
  }
  return null;
}
