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
  const descriptions = Array.from({ length: count }, () => oneChange(history.events as JsonEvent[], pick));
  return { history, description: descriptions.join('; ') };
}

/** Makes a change that finds something to change. */
function oneChange(events: JsonEvent[], pick: <T>(list: readonly T[]) => T): string {
  for (let i = 0; i < 5; i++) {
    const description = pick(CHANGES)(events, pick);
    if (description !== 'nothing') return description;
  }
  return 'nothing';
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

/** Changes a text of the attributes of one event: a name, a type, a queue, a reason or a timeout. */
const changeText: Change = (events, pick) => {
  const attributes = attributesOf(pick(events));
  const texts = textsIn(attributes);
  if (texts.length === 0) return 'nothing';
  const { holder, name } = pick(texts);
  const old = String(holder[name]);
  holder[name] = /^[\d.]+s$/.test(old) ? `${parseFloat(old) + 1}s` : name === 'data' ? pick(DATA) : `${old}x`;
  return `${name} ${old} = ${String(holder[name])}`;
};

/** Data of payloads: "x", "y" and 7. */
const DATA = ['Ing=', 'Inki', 'Nw=='];

function textsIn(value: Json): { holder: JsonEvent; name: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    typeof item === 'string' && !/Id$|encoding/.test(name)
      ? [{ holder: value as JsonEvent, name }]
      : textsIn(item),
  );
}

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

/** Gives all events of a timer, an activity or a child the same other id, as an edit of the code before it would. */
const changeIdEverywhere: Change = (events, pick) => {
  const begun = events.filter(({ eventType }) => BEGINS_WITH_ID.test(String(eventType)));
  if (begun.length === 0) return 'nothing';
  const attributes = attributesOf(pick(begun));
  const name = pick(idsIn(attributes).filter((id) => /^(timer|activity|workflow)Id$/.test(id)));
  const old = attributes[name];
  if (old === undefined) return 'nothing';
  const id = pick(['7', '1', '2', `${String(old)}x`]);
  for (const event of events) replaceIn(event, name, old, id);
  return `${name} ${String(old)} = ${id} in all events`;
};

const BEGINS_WITH_ID = /(TIMER_STARTED|ACTIVITY_TASK_SCHEDULED|CHILD_WORKFLOW_EXECUTION_INITIATED)$/;

function replaceIn(value: Json, name: string, old: Json, put: Json): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === name && item === old) (value as JsonEvent)[key] = put;
    else replaceIn(item, name, old, put);
  }
}

/** Lets an event refer to another event: mostly to one of the same type as the right one. */
const changeReference: Change = (events, pick) => {
  const holders = events.flatMap((event) =>
    [...referencesIn(event)].map((name) => ({ event, holder: attributesOf(event), name })),
  );
  if (holders.length === 0) return 'nothing';
  const { event, holder, name } = pick(holders);
  const target = events.find(({ eventId }) => eventId === holder[name]);
  const alike = events.filter(({ eventType }) => eventType === target?.['eventType']);
  holder[name] = pick(pick([alike, alike, events]).concat(target ?? events[0]!))['eventId']!;
  return `${name} of event ${String(event['eventId'])} = ${String(holder[name])}`;
};

const referencesIn = (event: JsonEvent): string[] =>
  Object.keys(attributesOf(event)).filter((name) => /EventId$/.test(name));

/** Adds the start or the end of something once more, which refers to an event that began nothing. */
const strayEvent: Change = (events, pick) => {
  const ends = events.filter(({ eventType }) => STRAYS.test(String(eventType)));
  if (ends.length === 0) return 'nothing';
  const copy = structuredClone(pick(ends));
  const attributes = attributesOf(copy);
  const names = referencesIn(copy).filter((name) => /^(scheduled|started|initiated)EventId$/.test(name));
  const others = events.filter(({ eventType }) =>
    /WORKFLOW_EXECUTION_(STARTED|SIGNALED)|TASK_COMPLETED/.test(String(eventType)),
  );
  for (const name of names) attributes[name] = pick(others.length > 0 ? others : events)['eventId']!;
  copy['eventId'] = 'stray';
  const at = pick([...events.keys()].slice(2));
  events.splice(at, 0, copy);
  renumber(events);
  return `a stray ${String(copy['eventType'])} at ${at + 1}`;
};

const STRAYS =
  /(ACTIVITY_TASK|CHILD_WORKFLOW_EXECUTION|TIMER|NEXUS_OPERATION|EXTERNAL_WORKFLOW_EXECUTION)_(STARTED|FIRED|COMPLETED|FAILED|SIGNALED)$/;

/** Changes a field of the data in a marker of core: of a patch or of a local activity. */
const changeMarker: Change = (events, pick) => {
  const markers = events.flatMap((event) => {
    const details = (event['markerRecordedEventAttributes'] as JsonEvent | undefined)?.['details'];
    return Object.entries((details ?? {}) as Record<string, { payloads?: JsonEvent[] }>).flatMap(
      ([name, { payloads }]) => (payloads?.[0] && name !== 'result' ? [{ event, payload: payloads[0] }] : []),
    );
  });
  if (markers.length === 0) return 'nothing';
  const { event, payload } = pick(markers);
  const data = JSON.parse(Buffer.from(String(payload['data']), 'base64').toString()) as Json;
  if (typeof data !== 'object' || data === null) return 'nothing';
  const name = pick(Object.keys(data));
  const fields = data as JsonEvent;
  const old = fields[name]!;
  if (typeof old === 'boolean') fields[name] = !old;
  else if (typeof old === 'number') fields[name] = old + pick([1, -1, 7]);
  else if (typeof old === 'string') fields[name] = pick([`${old}x`, 'a', '1']);
  else fields[name] = old === null ? { seconds: 5, nanos: 0 } : null;
  payload['data'] = Buffer.from(JSON.stringify(data)).toString('base64');
  return `${name} of the marker ${String(event['eventId'])} = ${JSON.stringify(fields[name])}`;
};

/** Swaps two neighbours of the same type, such as two upserts or two accepted updates, without their ids. */
const swapAlike: Change = (events, pick) => {
  const pairs = events.flatMap((event, i) => {
    const later = events.findIndex((other, j) => j > i && other['eventType'] === event['eventType']);
    return later === -1 || /WORKFLOW_TASK/.test(String(event['eventType'])) ? [] : [[i, later] as const];
  });
  if (pairs.length === 0) return 'nothing';
  const [a, b] = pick(pairs);
  const [first, second] = [events[a]!, events[b]!];
  for (const key of Object.keys(first))
    if (/Attributes$/.test(key)) [first[key], second[key]] = [second[key]!, first[key]!];
  return `the attributes of events ${a + 1} and ${b + 1} swapped`;
};

/** Removes the upsert that core adds to a patch, or another event of a command that comes twice. */
const removeCommandEvent: Change = (events, pick) => {
  const found = events.flatMap((event, i) =>
    /UPSERT_WORKFLOW|MARKER_RECORDED|PROPERTIES_MODIFIED|CANCEL_REQUESTED$|TIMER_CANCELED/.test(
      String(event['eventType']),
    )
      ? [i]
      : [],
  );
  if (found.length === 0) return 'nothing';
  const [gone] = events.splice(pick(found), 1);
  renumber(events);
  return `event ${String(gone!['eventId'])} ${String(gone!['eventType'])} removed`;
};

const attributesOf = (event: JsonEvent): JsonEvent =>
  (Object.entries(event).find(([key]) => /Attributes$/.test(key))?.[1] ?? {}) as JsonEvent;

/** Lets an activity, a child or a Nexus operation end in another way. */
const changeEnd: Change = (events, pick) => {
  const ended = events.filter((event) =>
    /(ACTIVITY_TASK|CHILD_WORKFLOW_EXECUTION|NEXUS_OPERATION)_(COMPLETED|FAILED|TIMED_OUT|CANCELED)$/.test(
      String(event['eventType']),
    ),
  );
  if (ended.length === 0) return 'nothing';
  const event = pick(ended);
  const prefix = /TYPE_(.*)_(COMPLETED|FAILED|TIMED_OUT|CANCELED)$/.exec(String(event['eventType']))![1]!;
  const isChild = prefix.startsWith('CHILD');
  const { result: _result, failure: _failure, ...attributes } = attributesOf(event);
  const end = pick(['COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED', ...(isChild ? ['TERMINATED'] : [])]);
  for (const key of Object.keys(event)) if (/Attributes$/.test(key)) delete event[key];
  event['eventType'] = `EVENT_TYPE_${prefix}_${end}`;
  event[`${camelCase(`${prefix}_${end}`)}EventAttributes`] = {
    ...attributes,
    ...(end === 'FAILED' && { failure: MADE_UP }),
    ...(!prefix.startsWith('NEXUS') && { retryState: 'RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED' }),
  };
  return `event ${String(event['eventId'])} is now ${prefix}_${end}`;
};

const BEGINNINGS = {
  ACTIVITY_TASK_SCHEDULED: ['ACTIVITY_TASK', 'scheduledEventId'],
  START_CHILD_WORKFLOW_EXECUTION_INITIATED: ['CHILD_WORKFLOW_EXECUTION', 'initiatedEventId'],
  NEXUS_OPERATION_SCHEDULED: ['NEXUS_OPERATION', 'scheduledEventId'],
} as const;

/** Lets an activity, a child or a Nexus operation end before a later workflow task than it did, or end at all. */
const endLate: Change = (events, pick) => {
  const begun = events.flatMap((event) => {
    const found = Object.entries(BEGINNINGS).find(([type]) => event['eventType'] === `EVENT_TYPE_${type}`);
    return found ? [{ event, prefix: found[1][0], field: found[1][1] }] : [];
  });
  if (begun.length === 0) return 'nothing';
  // First the kind, since most are activities.
  const kind = pick([...new Set(begun.map(({ prefix }) => prefix))]);
  const { event, prefix, field } = pick(begun.filter((one) => one.prefix === kind));
  const isOfIt = (other: JsonEvent): boolean =>
    String(other['eventType']).startsWith(`EVENT_TYPE_${prefix}`) &&
    attributesOf(other)[field] === event['eventId'];
  const isEnd = ({ eventType }: JsonEvent): boolean =>
    /(COMPLETED|FAILED|TIMED_OUT|CANCELED|TERMINATED)$/.test(String(eventType)) &&
    !/CANCEL_REQUEST_/.test(String(eventType));
  const end = events.find((other) => isOfIt(other) && isEnd(other));
  const started = events.find((other) => isOfIt(other) && /STARTED$/.test(String(other['eventType'])));
  if (!started) return 'nothing';
  const from = events.indexOf(end ?? started);
  const places = events.flatMap(({ eventType }, i) =>
    i > from && eventType === 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED' ? [i] : [],
  );
  if (places.length === 0) return 'nothing';
  const at = pick(places);
  const type = pick(['COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED']);
  const late: JsonEvent = {
    ...{ eventId: 'late', eventTime: events[at]!['eventTime']! },
    ...{ eventType: `EVENT_TYPE_${prefix}_${type}` },
    [`${camelCase(`${prefix}_${type}`)}EventAttributes`]: {
      [field]: event['eventId']!,
      ...(prefix !== 'NEXUS_OPERATION' && { startedEventId: started['eventId']! }),
      ...(type === 'FAILED' && { failure: MADE_UP }),
    },
  };
  events.splice(at, 0, late);
  if (end) events.splice(events.indexOf(end), 1);
  renumber(events);
  return `${prefix} of event ${String(event['eventId'])} ends late with ${type}, at ${at + 1}`;
};

const MADE_UP = { message: 'made up', applicationFailureInfo: { type: 'MadeUp' } };

const camelCase = (text: string): string =>
  text.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const CHANGES: readonly Change[] = [
  endLate,
  endLate,
  endLate,
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
  changeIdEverywhere,
  changeIdEverywhere,
  changeText,
  changeText,
  changeReference,
  changeReference,
  strayEvent,
  changeMarker,
  changeMarker,
  swapAlike,
  removeCommandEvent,
];
