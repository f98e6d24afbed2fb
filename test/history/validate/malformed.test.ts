/** Everything that is refused: its code, and a message that says what, where and what to do without quoting a payload. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeHistories } from '../../../src/history/decode';
import { HISTORY_PROBLEM_CODES } from '../../../src/history/formats/problem';
import { validateHistory, type HistoryProblem } from '../../../src/history/validate/validate';
import {
  clone,
  cloudExport,
  decode,
  encode,
  field,
  fixtureHistory,
  fixtureJson,
  fixtureText,
  gzip,
  utf16,
  type History,
  type Json,
} from '../../helpers/histories';

const text = fixtureText('everything.json');
const binary = encode(fixtureHistory('everything'));

/** The recorded history with a change, as JSON text. */
function edited(change: (events: Json[]) => Json[] | void, fixture = 'everything'): string {
  const json = fixtureJson(fixture);
  return JSON.stringify({ events: change(json.events) ?? json.events });
}

/** The same for a single event, named by its id. */
const event = (id: number, change: (event: Json) => void): string =>
  edited((events) => void change(events[id - 1]!));

const attributesOf = (recorded: Json): Json =>
  recorded[Object.keys(recorded).find((key) => key.endsWith('EventAttributes'))!] as Json;
const attributes = (id: number, change: (attributes: Json) => void): string =>
  event(id, (recorded) => change(attributesOf(recorded)));

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const payload = (value: unknown): Json => ({
  metadata: { encoding: base64('json/plain') },
  data: base64(value),
});
const failure = (depth: number): Json => ({ message: 'x', ...(depth > 0 && { cause: failure(depth - 1) }) });

/** Name of the fault, the file, and the code and the start of the message that it gets. */
const MALFORMED: [name: string, content: string | Uint8Array, code: string, message: string | RegExp][] = [
  // The file.
  ['empty file', '', 'EMPTY_FILE', 'is empty'],
  ['white space only', ' \n\t ', 'EMPTY_FILE', 'holds only white space'],
  ['empty gzip', gzip(''), 'EMPTY_FILE', 'is empty'],
  ['gzip cut off', gzip(text).subarray(0, 900), 'TRUNCATED', 'the gzip data ends early'],
  ['gzip damaged', damaged(gzip(text)), 'BAD_GZIP', 'starts like gzip'],
  [
    'gzip within gzip, 3,000 layers',
    Array.from({ length: 3000 }).reduce<Buffer>((packed) => gzip(packed), Buffer.from(text)),
    'BAD_GZIP',
    'is packed with gzip more than 3 times over',
  ],
  [
    'JSON cut off',
    text.slice(0, 9000),
    'TRUNCATED',
    /^the JSON ends in the middle of a value \(at line \d+, column \d+\)/,
  ],
  ['JSON cut off in UTF-16', utf16(text.slice(0, 9000), 'le', true), 'TRUNCATED', 'the JSON ends'],
  [
    'JSON with a hole',
    text.replace('"eventId": "4",', '"eventId": ,'),
    'NOT_JSON',
    /has , where a value belongs \(at line \d+, column \d+\)/,
  ],
  [
    'JSON with a missing comma',
    '{"events": [] "x": 1}',
    'NOT_JSON',
    'the text has " where a comma or } belongs (at line 1, column 15)',
  ],
  [
    'JSON with an unquoted name',
    '{events: []}',
    'NOT_JSON',
    'the text has a character where a field name in quotes belongs (at line 1, column 2)',
  ],
  ['a merge conflict', '<<<<<<< HEAD\n{}', 'UNKNOWN_FORMAT', 'holds the marks of a merge conflict'],
  ['an HTML page', '<!doctype html><p>Sign in</p>', 'UNKNOWN_FORMAT', 'is an HTML or XML page'],
  [
    'a Git LFS pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    'UNKNOWN_FORMAT',
    'is a Git LFS pointer',
  ],
  ['the CLI without --output', 'Progress:\n  ID  Time  Type\n', 'UNKNOWN_FORMAT', 'is text, but not JSON'],
  ['other JSON', '{"name": "some-package"}', 'UNKNOWN_FORMAT', 'is JSON, but has no list of events'],
  ['a number', '12', 'UNKNOWN_FORMAT', 'is JSON, but neither an object nor a list'],
  ['events that are no list', '{"events": {"0": {}}}', 'UNKNOWN_FORMAT', '`events` is not a list'],
  [
    'other binary data',
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
    'UNKNOWN_FORMAT',
    'is neither JSON nor a binary history',
  ],
  [
    'a PNG',
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    'UNKNOWN_FORMAT',
    'is neither JSON nor',
  ],
  [
    'binary cut off',
    binary.subarray(0, 4000),
    'TRUNCATED',
    /^the binary data ends in the middle of a message that starts at byte \d+ \(event \d+/,
  ],
  [
    'binary damaged',
    Buffer.concat([binary.subarray(0, 500), Buffer.alloc(200, 0xff), binary.subarray(700)]),
    'UNKNOWN_FORMAT',
    /^the binary data is damaged at byte \d+/,
  ],
  [
    'export cut off',
    cloudExport(binary).subarray(0, 4000),
    'TRUNCATED',
    'the binary data ends in the middle',
  ],
  [
    'one page of a history',
    JSON.stringify({ history: fixtureJson('open'), nextPageToken: 'abc=' }),
    'PARTIAL_PAGE',
    'this is one page of a longer history',
  ],
  [
    'one page, binary',
    Buffer.concat([field(1, encode(fixtureHistory('open'))), field(3, Buffer.from('x'))]),
    'PARTIAL_PAGE',
    'this is one page',
  ],
  // The Web UI's decoded download.
  [
    'decoded input',
    attributes(1, (a) => (a.input = { payloads: [{ secret: 'SECRET-VALUE' }] })),
    'DECODED_DOWNLOAD',
    'payloads are shown as plain values (at events[0].workflowExecutionStartedEventAttributes.input.payloads[0])',
  ],
  [
    'decoded text',
    attributes(1, (a) => (a.input = { payloads: ['SECRET-VALUE'] })),
    'DECODED_DOWNLOAD',
    'payloads are shown',
  ],
  [
    'decoded null',
    attributes(1, (a) => (a.input = { payloads: [null] })),
    'DECODED_DOWNLOAD',
    'payloads are shown',
  ],
  [
    'decoded memo',
    attributes(1, (a) => (a.memo = { fields: { m: 'SECRET-MEMO' } })),
    'DECODED_DOWNLOAD',
    /memo\.fields\.m\)/,
  ],
  [
    'decoded search attributes',
    attributes(1, (a) => (a.searchAttributes = { indexedFields: { F: ['SECRET-SA'] } })),
    'DECODED_DOWNLOAD',
    /indexedFields\.F\)/,
  ],
  [
    'decoded encoding',
    attributes(
      1,
      (a) => (a.input = { payloads: [{ metadata: { encoding: 'json/plain' }, data: { secret: 1 } }] }),
    ),
    'DECODED_DOWNLOAD',
    'payloads are shown',
  ],
  [
    'decoded data',
    attributes(1, (a) => (a.input.payloads[0].data = 'the SECRET-VALUE')),
    'DECODED_DOWNLOAD',
    'payloads are shown',
  ],
  [
    "the HTTP API's shorthand",
    fixtureText('cancelled.http-shorthand.json'),
    'DECODED_DOWNLOAD',
    /application\/json\+no-payload-shorthand/,
  ],
  // Fields.
  [
    'a time that is none',
    event(5, (e) => (e.eventTime = 'yesterday')),
    'BAD_FIELD',
    'expected a time (RFC 3339), found another string (at events[4].eventTime)',
  ],
  [
    'an id that is none',
    event(5, (e) => (e.eventId = 'five')),
    'BAD_FIELD',
    'expected an integer, found another string (at events[4].eventId)',
  ],
  [
    'a duration that is none',
    attributes(8, (a) => (a.startToFireTimeout = 10)),
    'BAD_FIELD',
    'expected a duration such as "10s", found another number (at events[7].timerStartedEventAttributes.startToFireTimeout)',
  ],
  [
    'a list where an object belongs',
    attributes(1, (a) => (a.taskQueue = ['q'])),
    'BAD_FIELD',
    'expected a TaskQueue object, found an array',
  ],
  [
    'half of a surrogate pair',
    attributes(28, (a) => (a.activityType = { name: 'charge\ud800' })),
    'BAD_FIELD',
    'expected text that UTF-8 can hold, found another string (at events[27].activityTaskScheduledEventAttributes.activityType.name)',
  ],
  [
    'a null event',
    edited((events) => void (events[3] = null as never)),
    'BAD_FIELD',
    'expected a HistoryEvent object, found null (at events[3])',
  ],
  [
    'a chain of 120 failures',
    attributes(36, (a) => (a.failure = failure(120))),
    'TOO_DEEP',
    /^messages are nested/,
  ],
  // The history.
  ['no events', '{"events": []}', 'NO_EVENTS', 'has no events'],
  ['an empty list', '[]', 'NO_EVENTS', 'the list is empty'],
  ['an empty object', '{}', 'NO_EVENTS', 'the object is empty'],
  ['null events', '{"events": null}', 'NO_EVENTS', 'the list of events is null'],
  ['null history', '{"history": null}', 'UNKNOWN_FORMAT', 'is JSON, but has no list of events'],
  [
    'without the first event',
    edited((events) => events.slice(1)),
    'WRONG_FIRST_EVENT',
    'starts at event 2; a replay needs the history from event 1 on',
  ],
  [
    'newest first',
    edited((events) => events.reverse()),
    'EVENT_ID_ORDER',
    'the events are not in order (newest first, as with --reverse)',
  ],
  [
    'another first event',
    event(1, (e) => (e.eventType = 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED')),
    'WRONG_FIRST_EVENT',
    'starts with WorkflowTaskScheduled',
  ],
  [
    'no workflow type',
    attributes(1, (a) => delete a.workflowType),
    'NO_WORKFLOW_TYPE',
    'event 1 names no workflow type',
  ],
  [
    'an empty workflow type',
    attributes(1, (a) => (a.workflowType = {})),
    'NO_WORKFLOW_TYPE',
    'event 1 names no workflow type',
  ],
  ['no task queue', attributes(1, (a) => delete a.taskQueue), 'NO_TASK_QUEUE', 'event 1 names no task queue'],
  [
    'no run id',
    attributes(1, (a) => delete a.originalExecutionRunId),
    'NO_RUN_ID',
    'event 1 has no originalExecutionRunId',
  ],
  [
    'a missing event',
    edited((events) => void events.splice(9, 1)),
    'EVENT_ID_GAP',
    'event 9 is followed by event 11: events are missing between them',
  ],
  [
    'the same event twice',
    edited((events) => void events.splice(9, 0, events[9]!)),
    'EVENT_ID_DUPLICATE',
    'event id 10 occurs twice (again at events[10])',
  ],
  [
    'events out of order',
    edited((events) => void events.splice(10, 2, events[11]!, events[10]!)),
    'EVENT_ID_ORDER',
    'the events are not in order (event 12 is at events[10])',
  ],
  [
    'an event id of 0',
    event(5, (e) => delete e.eventId),
    'EVENT_ID_INVALID',
    'events[4] has no valid event id',
  ],
  [
    'a negative event id',
    event(5, (e) => (e.eventId = '-5')),
    'EVENT_ID_INVALID',
    'events[4] has no valid event id',
  ],
  [
    'two starts',
    event(2, (e) =>
      Object.assign(e, {
        eventType: 1,
        workflowTaskScheduledEventAttributes: undefined,
        workflowExecutionStartedEventAttributes: {},
      }),
    ),
    'SECOND_START',
    'event 2 (WorkflowExecutionStarted) starts the workflow again',
  ],
  [
    'an event after the end',
    edited(
      (events) =>
        void events.push({
          eventId: '67',
          eventType: 26,
          workflowExecutionSignaledEventAttributes: { signalName: 'note' },
        }),
    ),
    'EVENT_AFTER_END',
    'event 67 (WorkflowExecutionSignaled) comes after event 66 (WorkflowExecutionCompleted)',
  ],
  [
    'two ends',
    edited((events) => void events.push({ ...events[65]!, eventId: '67' })),
    'EVENT_AFTER_END',
    'event 67 (WorkflowExecutionCompleted) comes after event 66',
  ],
  // Single events.
  [
    'an event type from the future',
    event(24, (e) => (e.eventType = 'EVENT_TYPE_TIMER_TRAVELLED')),
    'UNKNOWN_EVENT_TYPE',
    "the event's type EVENT_TYPE_TIMER_TRAVELLED is not known to the installed @temporalio packages (at events[23])",
  ],
  [
    'an event type number from the future',
    event(24, (e) => (e.eventType = 9999)),
    'UNKNOWN_EVENT_TYPE',
    'event 24 has a type (9999) that is not known',
  ],
  ['no event type', event(24, (e) => delete e.eventType), 'UNKNOWN_EVENT_TYPE', 'event 24 has a type (0)'],
  [
    'no attributes',
    event(24, (e) => delete e.timerFiredEventAttributes),
    'MISSING_ATTRIBUTES',
    'event 24 (TimerFired) has no attributes',
  ],
  [
    'the attributes of another type',
    event(24, (e) => (e.eventType = 'EVENT_TYPE_TIMER_CANCELED')),
    'ATTRIBUTES_MISMATCH',
    'event 24 (TimerCanceled) has the attributes of another type (timerFiredEventAttributes)',
  ],
  [
    'two attributes',
    event(24, (e) => (e.timerCanceledEventAttributes = { startedEventId: 8 })),
    'ATTRIBUTES_MISMATCH',
    'event 24 (TimerFired) has the attributes of another type (timerCanceledEventAttributes)',
  ],
  [
    'no time at the start',
    event(1, (e) => delete e.eventTime),
    'MISSING_TIME',
    'event 1 (WorkflowExecutionStarted) has no eventTime',
  ],
  [
    'no time of a task',
    event(10, (e) => delete e.eventTime),
    'MISSING_TIME',
    'event 10 (WorkflowTaskStarted) has no eventTime',
  ],
  [
    'a time out of range',
    event(10, (e) => (e.eventTime = { seconds: '999999999999999' })),
    'BAD_TIME',
    'event 10 (WorkflowTaskStarted) has an eventTime outside',
  ],
  [
    'a reference to nothing',
    attributes(24, (a) => (a.startedEventId = '99')),
    'BAD_REFERENCE',
    'event 24 (TimerFired) refers by startedEventId to event 99, which is not an earlier event instead of TimerStarted',
  ],
  [
    'a timer that fires under another id',
    attributes(24, (a) => (a.timerId = '99')),
    'BAD_REFERENCE',
    /^event 24 \(TimerFired\) has another timerId than event \d+ \(TimerStarted\), to which it refers/,
  ],
  [
    'a reference to another event',
    attributes(15, (a) => (a.scheduledEventId = '8')),
    'BAD_REFERENCE',
    'event 15 (ActivityTaskCompleted) refers by scheduledEventId to event 8, which is TimerStarted instead of ActivityTaskScheduled',
  ],
  [
    'no reference',
    attributes(41, (a) => delete a.initiatedEventId),
    'BAD_REFERENCE',
    'event 41 (ChildWorkflowExecutionStarted) refers by initiatedEventId to event 0',
  ],
  [
    'a task that goes on wrongly',
    edited((events) => swapInto(events, 11, 20)),
    'BAD_SEQUENCE',
    'event 10 (WorkflowTaskStarted) is followed by WorkflowExecutionSignaled',
  ],
  [
    'a signal without name',
    attributes(20, (a) => delete a.signalName),
    'MISSING_FIELD',
    'event 20 (WorkflowExecutionSignaled) has no signalName',
  ],
  [
    'an activity without type',
    attributes(28, (a) => (a.activityType = {})),
    'MISSING_FIELD',
    'event 28 (ActivityTaskScheduled) has no activityType.name',
  ],
  [
    'an event that core takes only as ignorable',
    edited((events) => void delete events[5]!.workerMayIgnore, 'options'),
    'UNSUPPORTED_EVENT',
    'event 6 (WorkflowExecutionOptionsUpdated) is of a type that the SDK can not replay unless it is marked workerMayIgnore',
  ],
  [
    'an activity that completes twice',
    edited((events) => {
      events[30] = { ...events[29]!, eventId: '31' };
    }),
    'BAD_SEQUENCE',
    'event 31 (ActivityTaskCompleted) can not follow event 30 (ActivityTaskCompleted), both of event 28 (ActivityTaskScheduled)',
  ],
  [
    'an activity that completes without having started',
    edited((events) => {
      events[28] = { ...events[19]!, eventId: '29' };
      delete attributesOf(events[29]!).startedEventId;
    }),
    'BAD_SEQUENCE',
    'event 30 (ActivityTaskCompleted) ends what event 28 (ActivityTaskScheduled) began, but it was never started',
  ],
  [
    'a local activity that ends twice',
    edited((events) => {
      events[5] = { ...events[4]!, eventId: '6' };
    }),
    'BAD_SEQUENCE',
    'event 6 (MarkerRecorded) records the result of a local activity a second time',
  ],
  [
    'a binary chain of 92 failures',
    encode(decodeWithFailures(92)),
    'TOO_DEEP',
    'event 36 (ActivityTaskFailed) holds a chain of more than 90 failures',
  ],
  [
    'a local activity marker without data',
    attributes(5, (a) => delete a.details.data),
    'BAD_MARKER',
    'event 5 (MarkerRecorded) is a local activity marker whose data can not be read',
  ],
  [
    'a local activity marker with other data',
    attributes(5, (a) => (a.details.data.payloads[0] = payload('SECRET{'))),
    'BAD_MARKER',
    'event 5 (MarkerRecorded) is a local activity marker',
  ],
  [
    'a patch marker without id',
    attributes(6, (a) => (a.details['patch-data'].payloads[0] = payload({ deprecated: false }))),
    'BAD_MARKER',
    'event 6 (MarkerRecorded) is a patch marker that names no patch',
  ],
  [
    'a patch marker without details',
    attributes(6, (a) => delete a.details),
    'BAD_MARKER',
    'event 6 (MarkerRecorded) is a patch marker',
  ],
  [
    'a result of two payloads',
    attributes(30, (a) => a.result.payloads.push(a.result.payloads[0])),
    'BAD_RESULT',
    'event 30 (ActivityTaskCompleted) has a result of 2 payloads',
  ],
  [
    'an update without its request',
    attributes(12, (a) => delete a.acceptedRequest),
    'BAD_UPDATE',
    'event 12 (WorkflowExecutionUpdateAccepted)',
  ],
];

function decodeWithFailures(count: number): History {
  const history = clone(fixtureHistory('everything'));
  history.events[35]!.activityTaskFailedEventAttributes!.failure = failure(count - 1);
  return history;
}

function damaged(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 200), Buffer.alloc(200, 0x55), bytes.subarray(400)]);
}

/** Puts the content of event `from` in the place of event `to`, and keeps the ids in order. */
function swapInto(events: Json[], to: number, from: number): void {
  const [a, b] = [events[to - 1]!, events[from - 1]!];
  events[to - 1] = { ...b, eventId: String(to) };
  events[from - 1] = { ...a, eventId: String(from) };
}

function problemOf(content: string | Uint8Array): HistoryProblem | null {
  const entries = decode(content);
  for (const entry of entries) {
    const problem = entry.problem ?? validateHistory(entry.history);
    if (problem) return problem;
  }
  return null;
}

test.each(MALFORMED)('a history is refused: %s', (_, content, code, message) => {
  const problem = problemOf(content);
  expect(problem).toEqual({
    code,
    message:
      typeof message === 'string'
        ? expect.stringMatching(new RegExp(`^${escapeRegExp(message)}`))
        : expect.stringMatching(message),
  });
  expect(problem!.message).not.toMatch(/SECRET|U0VDUkVU|undefined|NaN|\{at\}/);
  expect(problem!.message.length).toBeLessThan(600);
});

const escapeRegExp = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('the history that they are derived from is valid', () => {
  expect(problemOf(text)).toBeNull();
});

test('a file is refused that is larger than JavaScript can read as text', () => {
  for (const bytes of [Buffer.from(text), gzip(text)]) {
    const [entry] = decodeHistories({ file: 'f', bytes }, { maxBytes: 30_000 });
    expect(entry!.problem).toEqual({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/^holds more than 0 MB: too much for one file/) as string,
    });
  }
});

test('lists within lists are refused', () => {
  expect(problemOf('['.repeat(5000) + ']'.repeat(5000))).toMatchObject({ code: 'UNKNOWN_FORMAT' });
  expect(problemOf('['.repeat(5000))).toMatchObject({ code: 'TRUNCATED' });
});

test('every code has a case in this file and a row in docs/histories.md', () => {
  const tested = new Set(MALFORMED.map(([, , code]) => code)).add('TOO_LARGE');
  expect([...HISTORY_PROBLEM_CODES].filter((code) => !tested.has(code))).toEqual([]);
  const documented = readFileSync(join(__dirname, '../../../docs/histories.md'), 'utf8').matchAll(
    /^\| `([A-Z_]+)`(?: †)? +\|/gm,
  );
  expect([...documented].map(([, code]) => code).sort()).toEqual([...HISTORY_PROBLEM_CODES].sort());
});
