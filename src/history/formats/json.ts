/** Reads the JSON shapes in which tools write histories, each as one list of events. */
import { temporal } from '@temporalio/proto';
import type { FoundHistory } from './history-format';
import { ProblemError, type HistoryProblem } from './problem';
import { historyEventType } from '../../sdk/message-types';
import { readMessage } from '../proto-json/read-message';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const EVENT_TYPES: Record<string, unknown> = temporal.api.enums.v1.EventType;

type Json = Record<string, unknown>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Returns true for JSON that looks like a single event: `temporal workflow show -o jsonl` writes one per line. */
export function isEvent(json: unknown): boolean {
  if (!isObject(json)) return false;
  for (const key in json) {
    if (key === 'eventId' || key === 'event_id' || key === 'eventType' || key === 'event_type') return true;
    if (key.endsWith('EventAttributes') || key.endsWith('_event_attributes')) return true;
  }
  return false;
}

/** Yields every history in a parsed JSON value. */
export function* readJson(json: unknown): Generator<FoundHistory> {
  yield* readValue(json, [], {});
}

interface Ids {
  workflowId?: string;
  runId?: string;
}

function* readValue(json: unknown, path: (string | number)[], ids: Ids): Generator<FoundHistory> {
  if (path.length > 20) {
    yield refuse(
      'UNKNOWN_FORMAT',
      'is JSON, but has no list of events in its first levels{at}.' + WHAT_IS_READ,
      path,
      ids,
    );
    return;
  }
  if (Array.isArray(json)) {
    const first: unknown = json.find((item) => item !== null);
    if (json.length === 0)
      yield refuse('NO_EVENTS', 'the list is empty: there is no event to replay.', path, ids);
    else if (isEvent(first)) yield readEvents(json, path, ids);
    else for (const [i, item] of json.entries()) yield* readValue(item, [...path, i], ids);
    return;
  }
  if (!isObject(json)) {
    yield refuse(
      'UNKNOWN_FORMAT',
      'is JSON, but neither an object nor a list{at}.' + WHAT_IS_READ,
      path,
      ids,
    );
    return;
  }
  const found = idsOf(json, ids);
  if ('events' in json) {
    if (Array.isArray(json['events'])) yield readEvents(json['events'], [...path, 'events'], found);
    else if (json['events'] === null)
      yield refuse('NO_EVENTS', 'the list of events is null{at}.', path, found);
    else yield refuse('UNKNOWN_FORMAT', '`events` is not a list{at}.' + WHAT_IS_READ, path, found);
    return;
  }
  const pageToken = json['nextPageToken'] ?? json['next_page_token'];
  if (pageToken !== undefined && pageToken !== null && pageToken !== '' && !isEmptyBytes(pageToken)) {
    yield refuse(
      'PARTIAL_PAGE',
      'this is one page of a longer history (it has a next page token){at}; a verdict on a part would mislead. ' +
        'Fetch the whole history: `temporal workflow show --output json`.',
      path,
      found,
    );
    return;
  }
  if (isObject(json['history']) || Array.isArray(json['history'])) {
    yield* readValue(json['history'], [...path, 'history'], found);
    return;
  }
  for (const key of ['items', 'histories']) {
    if (Array.isArray(json[key])) {
      yield* readValue(json[key], [...path, key], found);
      return;
    }
  }
  if (isEvent(json)) {
    yield readEvents([json], path, found);
    return;
  }
  if (Object.keys(json).length === 0) {
    yield refuse('NO_EVENTS', 'the object is empty{at}: there is no event to replay.', path, found);
    return;
  }
  yield refuse('UNKNOWN_FORMAT', 'is JSON, but has no list of events{at}.' + WHAT_IS_READ, path, found);
}

export const WHAT_IS_READ =
  ' A history is what `temporal workflow show --output json`, the Web UI and the SDK write: see docs/histories.md.';

const isEmptyBytes = (json: unknown): boolean =>
  (Array.isArray(json) || isObject(json)) &&
  (Object.keys(json).length === 0 ||
    (isObject(json) && Array.isArray(json['data']) && json['data'].length === 0));

function idsOf(json: Json, outer: Ids): Ids {
  const execution = json['workflowExecution'] ?? json['workflow_execution'] ?? json['execution'];
  const holders = isObject(execution) ? [execution, json] : [json];
  const ids: Ids = { ...outer };
  for (const holder of holders) {
    const workflowId = holder['workflowId'] ?? holder['workflow_id'];
    const runId = holder['runId'] ?? holder['run_id'];
    if (typeof workflowId === 'string' && workflowId !== '') ids.workflowId ??= workflowId;
    if (typeof runId === 'string' && runId !== '') ids.runId ??= runId;
  }
  return ids;
}

function refuse(
  code: HistoryProblem['code'],
  message: string,
  path: (string | number)[],
  ids: Ids,
): FoundHistory {
  const error = new ProblemError(code, message);
  error.path.push(...path);
  return { ...ids, problem: error.toProblem() };
}

/** Reads a JSON list of events. */
export function readEvents(list: unknown[], path: (string | number)[], ids: Ids): FoundHistory {
  const events = new Array<HistoryEvent>(list.length);
  for (let i = 0; i < list.length; i++) {
    try {
      events[i] = readEvent(list[i]);
    } catch (err) {
      if (!(err instanceof ProblemError)) throw err;
      err.path.unshift(...path, i);
      return { ...ids, problem: err.toProblem() };
    }
  }
  return { ...ids, events };
}

function readEvent(json: unknown): HistoryEvent {
  const event = readMessage(historyEventType, json) as HistoryEvent;
  // Reading has made 0 of an event type that this SDK doesn't know, so that its name is available only here.
  if (!event.eventType && event.workerMayIgnore !== true) {
    const name = (json as Json)['eventType'] ?? (json as Json)['event_type'];
    if (
      typeof name === 'string' &&
      !(name in EVENT_TYPES) &&
      /^(?:EVENT_TYPE_[A-Z_]{1,100}|(?:[A-Z][a-z]+){2,12})$/.test(name) &&
      !/unspecified$/i.test(name)
    ) {
      throw new ProblemError(
        'UNKNOWN_EVENT_TYPE',
        `the event's type ${name} is not known to the installed @temporalio packages{at}. Update them to the version that recorded it.`,
      );
    }
  }
  return event;
}
