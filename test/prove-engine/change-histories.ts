/** Changes of recorded histories, most of which stay fit for replay. */
import { changedHistory } from '../attack/change-history';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonEvent = { [key: string]: Json };

/** A history as JSON, changed in one to three ways, with the changes in words. */
export function changeOf(
  history: { events: Json[] },
  next: () => number,
): { history: Json; description: string } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  if (next() < 0.3) return changedHistory(history, next);
  const count = 1 + Math.floor(next() * 3);
  const descriptions = Array.from({ length: count }, () =>
    pick(CHANGES)(history.events as JsonEvent[], pick),
  );
  return { history, description: descriptions.join('; ') };
}

type Change = (events: JsonEvent[], pick: <T>(list: readonly T[]) => T) => string;

/** Gives the events new ids in their order, and changes the references to them. */
function renumber(events: JsonEvent[]): void {
  const ids = new Map(events.map((event, i) => [String(event['eventId']), String(i + 1)]));
  for (const event of events) {
    event['eventId'] = ids.get(String(event['eventId']))!;
    refer(event, ids);
  }
}

function refer(value: Json, ids: ReadonlyMap<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const isReference = /EventId$/.test(key) && key !== 'eventId';
    if (isReference && ids.has(String(item))) (value as JsonEvent)[key] = ids.get(String(item))!;
    else refer(item, ids);
  }
}

const removeEvent: Change = (events, pick) => {
  if (events.length < 3) return 'nothing';
  const index = pick([...events.keys()].slice(1));
  const [gone] = events.splice(index, 1);
  renumber(events);
  return `event ${gone!['eventId']} ${String(gone!['eventType'])} removed`;
};

const removeFrom: Change = (events, pick) => {
  const index = pick([...events.keys()].slice(1));
  const count = 1 + pick([0, 1, 2]);
  events.splice(index, count);
  renumber(events);
  return `${count} events removed from ${index}`;
};

const swapNeighbours: Change = (events, pick) => {
  if (events.length < 4) return 'nothing';
  const index = pick([...events.keys()].slice(1, -1));
  [events[index], events[index + 1]] = [events[index + 1]!, events[index]!];
  renumber(events);
  return `events ${index + 1} and ${index + 2} swapped`;
};

const moveEvent: Change = (events, pick) => {
  const from = pick([...events.keys()].slice(1));
  const [moved] = events.splice(from, 1);
  const to = pick([...events.keys()].slice(1));
  events.splice(to, 0, moved!);
  // Ids are unique, so that the references still lead to the moved event.
  renumber(events);
  return `event ${from + 1} moved to ${to + 1}`;
};

const repeatEvent: Change = (events, pick) => {
  const from = pick([...events.keys()].slice(1));
  const to = pick([...events.keys()].slice(1));
  const copy = structuredClone(events[from]!);
  copy['eventId'] = `copy of ${from}`;
  events.splice(to, 0, copy);
  renumber(events);
  return `event ${from + 1} repeated at ${to + 1}`;
};

const cutOff: Change = (events, pick) => {
  const length = pick([...events.keys()].slice(2));
  events.splice(length);
  return `cut off after ${length}`;
};

/** Inserts a signal, a cancellation or an activity's time-out, which the server may record at any time. */
const insertEvent: Change = (events, pick) => {
  const at = pick([...events.keys()].slice(1));
  const time = events[at]!['eventTime']!;
  const scheduled = events.filter(({ eventType }) =>
    /ACTIVITY_TASK_SCHEDULED|TIMER_STARTED/.test(String(eventType)),
  );
  const made: JsonEvent[] = [
    {
      eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
      workflowExecutionSignaledEventAttributes: {
        signalName: pick(['decide', 'comment', 'pause', 'cancel', 'none']),
      },
    },
    {
      eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED',
      workflowExecutionCancelRequestedEventAttributes: { cause: 'made up' },
    },
    {
      eventType: 'EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT',
      activityTaskTimedOutEventAttributes: {
        scheduledEventId: String(pick(scheduled)?.['eventId'] ?? '5'),
        retryState: 'RETRY_STATE_TIMEOUT',
      },
    },
  ];
  const event = pick(made);
  events.splice(at, 0, { eventId: 'new', eventTime: time, ...event });
  renumber(events);
  return `${String(event['eventType'])} inserted at ${at + 1}`;
};

const changeTime: Change = (events, pick) => {
  const event = pick(events);
  event['eventTime'] = pick([
    '2020-01-01T00:00:00Z',
    '2030-01-01T00:00:00.000000001Z',
    '1970-01-01T00:00:00Z',
  ]);
  return `time of event ${String(event['eventId'])}`;
};

/** Changes the flags, the SDK's version or the deployment version of a workflow task. */
const changeTask: Change = (events, pick) => {
  const tasks = events.filter((event) => event['workflowTaskCompletedEventAttributes']);
  if (tasks.length === 0) return 'nothing';
  const attributes = pick(tasks)['workflowTaskCompletedEventAttributes'] as JsonEvent;
  const metadata = (attributes['sdkMetadata'] ??= {}) as JsonEvent;
  const flags = pick([[], [1], [1, 2], [1, 2, 3], [2], [3], [4], [1, 2, 3, 5], [9]]);
  const field = pick([
    'coreUsedFlags',
    'langUsedFlags',
    'sdkVersion',
    'deploymentVersion',
    'workerVersion',
    'sdkMetadata',
  ]);
  if (field === 'sdkVersion') metadata[field] = pick(['1.9.0', '1.11.0', '1.14.1', '', '2.0.0']);
  else if (field === 'deploymentVersion') attributes[field] = { buildId: 'b', deploymentName: 'd' };
  else if (field === 'workerVersion') attributes[field] = { buildId: 'w' };
  else if (field === 'sdkMetadata') delete attributes[field];
  else metadata[field] = flags;
  return `${field} of a task = ${JSON.stringify(flags)}`;
};

/** Gives an event the outcome of another one: a failure, a result or a cause. */
const changeOutcome: Change = (events, pick) => {
  const name = pick(['result', 'failure', 'cause', 'retryState', 'input', 'details', 'markerName', 'header']);
  const holders = events.flatMap((event) =>
    Object.values(event).filter(
      (value): value is JsonEvent => typeof value === 'object' && value !== null && name in value,
    ),
  );
  if (holders.length < 2) return 'nothing';
  const [to, from] = [pick(holders), pick(holders)];
  to[name] = structuredClone(from[name]!);
  return `a ${name} taken from another event`;
};

/** Gives an event an id that is another one's, or no one's: that of a timer, an activity, a workflow or an update. */
const changeId: Change = (events, pick) => {
  const holders = events.flatMap((event) =>
    Object.values(event).filter(
      (value): value is JsonEvent =>
        typeof value === 'object' && value !== null && idsIn(value as JsonEvent).length > 0,
    ),
  );
  if (holders.length === 0) return 'nothing';
  const holder = pick(holders);
  const name = pick(idsIn(holder));
  const others = holders.flatMap((other) => (name in other ? [other[name]!] : []));
  holder[name] = pick([...others, `${String(holder[name])}x`]);
  return `${name} = ${String(holder[name])}`;
};

const idsIn = (attributes: JsonEvent): string[] =>
  Object.keys(attributes).filter((name) => /(?<!Event|Run|Request)Id$/.test(name));

/** Lets an activity or a child end in another way. */
const changeEnd: Change = (events, pick) => {
  const ended = events.filter((event) =>
    /(ACTIVITY_TASK|CHILD_WORKFLOW_EXECUTION)_COMPLETED$/.test(String(event['eventType'])),
  );
  if (ended.length === 0) return 'nothing';
  const event = pick(ended);
  const isChild = String(event['eventType']).includes('CHILD');
  const key = isChild
    ? 'childWorkflowExecutionCompletedEventAttributes'
    : 'activityTaskCompletedEventAttributes';
  const { result: _result, ...attributes } = event[key] as JsonEvent;
  const prefix = isChild ? 'CHILD_WORKFLOW_EXECUTION' : 'ACTIVITY_TASK';
  const end = pick(
    isChild ? ['FAILED', 'TIMED_OUT', 'CANCELED', 'TERMINATED'] : ['FAILED', 'TIMED_OUT', 'CANCELED'],
  );
  delete event[key];
  event['eventType'] = `EVENT_TYPE_${prefix}_${end}`;
  const camel = (text: string): string =>
    text.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  event[`${camel(`${prefix}_${end}`)}EventAttributes`] = {
    ...attributes,
    ...(end === 'FAILED' && { failure: { message: 'made up', applicationFailureInfo: { type: 'MadeUp' } } }),
    retryState: 'RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED',
  };
  return `event ${String(event['eventId'])} is now ${prefix}_${end}`;
};

const CHANGES: readonly Change[] = [
  removeEvent,
  removeFrom,
  swapNeighbours,
  moveEvent,
  repeatEvent,
  cutOff,
  insertEvent,
  insertEvent,
  changeTime,
  changeTask,
  changeTask,
  changeOutcome,
  changeOutcome,
  changeEnd,
  changeEnd,
  changeId,
  changeId,
];
