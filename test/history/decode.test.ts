import { decodeHistories, idsFromFileName } from '../../src/history/decode';
import { encodeHistory } from '../../src/history/encode';
import { validateHistory } from '../../src/history/validate/validate';
import { clusterFile, labelOfHistory } from '../../src/model/history';
import {
  cloudExport,
  decode,
  decodeOne,
  encode,
  field,
  fixtureHistory,
  fixtureJson,
  fixtureText,
  gzip,
  pascalCaseEnums,
  plainObjects,
  snakeCaseKeys,
  utf16,
} from '../helpers/histories';

const history = fixtureHistory('everything');
const expected = encode(history);
const text = fixtureText('everything.json');
const json = fixtureJson('everything');

/** Each form in which users have the one history. */
const FORMS: Record<string, string | Uint8Array> = {
  'temporal workflow show -o json': text,
  'Web UI download': JSON.stringify(json),
  'indented otherwise': JSON.stringify(json, null, '\t'),
  'PascalCase enums': JSON.stringify(pascalCaseEnums(json)),
  'snake_case fields': JSON.stringify(snakeCaseKeys(json)),
  'binary History': expected,
  'Temporal Cloud export': cloudExport(expected),
  'Temporal Cloud export as JSON': JSON.stringify({ items: [{ history: json }] }),
  GetWorkflowExecutionHistoryResponse: JSON.stringify({ history: json, nextPageToken: '', archived: false }),
  'GetWorkflowExecutionHistoryResponse, binary': Buffer.concat([
    field(1, expected),
    Buffer.from([4 << 3, 1]),
  ]),
  'JSON.stringify(fetchHistory()), SDK 1.24': fixtureText('everything.fetch-history.json'),
  'plain objects, bytes as Buffer': JSON.stringify(plainObjects(history, 'buffer')),
  'plain objects, bytes by index': JSON.stringify(plainObjects(history, 'indexed')),
  'plain objects, bytes as arrays': JSON.stringify(plainObjects(history, 'array')),
  'list of events': JSON.stringify(json.events),
  'list of one history': JSON.stringify([json]),
  'an event a line': json.events.map((event) => JSON.stringify(event)).join('\n'),
  HistoryAndWorkflowId: JSON.stringify({ workflowId: 'order/1', history: json }),
  'gzip of JSON': gzip(text),
  'gzip of binary': gzip(expected),
  'gzip twice': gzip(gzip(text)),
  'UTF-8 with BOM': Buffer.from(`\uFEFF${text}`),
  'UTF-16 LE with BOM': utf16(text, 'le', true),
  'UTF-16 BE with BOM': utf16(text, 'be', true),
  'UTF-16 LE without BOM': utf16(text, 'le', false),
  'UTF-16 BE without BOM': utf16(text, 'be', false),
  CRLF: text.replaceAll('\n', '\r\n'),
  'space around it': `\n\n  ${text}\n\n`,
};

test.each(Object.keys(FORMS))('decodeHistories reads the same history from the form: %s', (form) => {
  const decoded = decodeOne(FORMS[form]!);
  expect(validateHistory(decoded)).toBeNull();
  // The order of map entries on the wire is free.
  expect(encodeHistory(decoded)).toBe(encodeHistory(history));
  expect(encode(decoded)).toHaveLength(expected.length);
});

test('decodeHistories gives event ids as Longs of @temporalio/proto from every form', () => {
  const Long = history.events![0]!.eventId!.constructor;
  for (const content of Object.values(FORMS)) {
    const [first] = decodeOne(content).events!;
    expect(first!.eventId!.constructor).toBe(Long);
    expect(first!.eventTime!.seconds!.constructor).toBe(Long);
    // Defaults come from the prototype, as in a history that the SDK decoded.
    expect(first!.workerMayIgnore).toBe(false);
  }
});

test('decodeHistories reads what the CLI writes for -o jsonl', () => {
  expect(encode(decodeOne(fixtureText('open.jsonl')))).toEqual(encode(fixtureHistory('open')));
});

describe('decodeHistories with several histories in a file', () => {
  const open = encode(fixtureHistory('open'));
  const labels = (content: string | Uint8Array): string[] =>
    decode(content, 'f').map(
      (entry) => `${labelOfHistory(entry.reference)} ${entry.problem?.code ?? entry.history?.events?.length}`,
    );

  test.each<[string, string | Uint8Array]>([
    ['export', cloudExport(expected, open)],
    ['export as JSON', JSON.stringify({ items: [{ history: json }, { history: fixtureJson('open') }] })],
    ['list of histories', JSON.stringify([json, fixtureJson('open')])],
    ['NDJSON', `${JSON.stringify(json)}\n${JSON.stringify(fixtureJson('open'))}\n`],
    ['joined with cat', text + fixtureText('open.json')],
    ['joined without line break', JSON.stringify(json) + JSON.stringify(fixtureJson('open'))],
    [
      'events, a line each',
      [...json.events, ...fixtureJson('open').events].map((event) => JSON.stringify(event)).join('\n'),
    ],
  ])('reads all of them: %s', (_, content) => {
    expect(labels(content)).toEqual(['f 66', 'f#2 5']);
  });

  test.each<[string, string | Uint8Array]>([
    ['export', cloudExport(expected, Buffer.from([0x0a, 0x05, 0x08]), open)],
    ['list of histories', JSON.stringify([json, { events: [{ eventId: {} }] }, fixtureJson('open')])],
    ['NDJSON', `${JSON.stringify(json)}\n{"events": [{]}\n${JSON.stringify(fixtureJson('open'))}\n`],
    ['cut off in the middle', `${text}\n${text.slice(0, 5000)}\n${fixtureText('open.json')}`],
  ])('reads the others if one is damaged: %s', (_, content) => {
    expect(labels(content)).toEqual([
      'f 66',
      expect.stringMatching(/^f#2 (TRUNCATED|BAD_FIELD|NOT_JSON|UNKNOWN_FORMAT)$/),
      'f#3 5',
    ]);
  });

  test('reads the whole histories of an export that is cut off', () => {
    expect(labels(cloudExport(open, expected).subarray(0, -100))).toEqual(['f 5', 'f#2 TRUNCATED']);
  });
});

describe('ids from outside of a history', () => {
  it('are the namespace of a run that comes from a cluster', () => {
    const file = clusterFile('payments', 'order-1', 'r1');

    expect(decode(fixtureText('open.json'), file)).toMatchObject([{ namespace: 'payments' }]);
  });

  const run = '01a20e22-84c5-76ad-94fd-8c0513ace84f';
  test('come from a file name as this package stores it', () => {
    expect(idsFromFileName(`histories/order/order%2F1_${run}.json`)).toEqual({
      workflowId: 'order/1',
      runId: run,
    });
    expect(idsFromFileName(`C:\\h\\a_b_${run}.json.gz`)).toEqual({ workflowId: 'a_b', runId: run });
    expect(idsFromFileName(`${'x'.repeat(50)}~0123456789abcdef_${run}.json`)).toEqual({ runId: run });
    expect(idsFromFileName('%_' + run + '.json')).toEqual({ runId: run });
    expect(idsFromFileName('events.json')).toEqual({});
    expect([...decodeHistories({ file: `a_${run}.json`, bytes: Buffer.from(text) })]).toMatchObject([
      { workflowId: 'a', runId: run },
    ]);
  });

  test('come from the object around the history rather than from the file name', () => {
    const wrapped = { workflowExecution: { workflowId: 'w', runId: 'r' }, history: json };
    expect(decode(JSON.stringify(wrapped), `a_${run}.json`)).toMatchObject([{ workflowId: 'w', runId: 'r' }]);
    // The name of a file with several histories gives no ids.
    expect(decode(JSON.stringify([json, json]), `a_${run}.json`).map((entry) => entry.workflowId)).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('decodeHistories, with the values of fields,', () => {
  const read = (attributes: object): object =>
    decodeOne(
      JSON.stringify({
        events: [{ eventId: 1, eventType: 1, workflowExecutionStartedEventAttributes: attributes }],
      }),
    ).events![0]!.workflowExecutionStartedEventAttributes!;

  test('ignores fields of a newer server', () => {
    expect(read({ fromTheFuture: { a: [1] }, identity: 'me' })).toMatchObject({ identity: 'me' });
  });

  test('reads enum names of a newer server as unspecified', () => {
    expect(read({ taskQueue: { name: 'q', kind: 'TASK_QUEUE_KIND_HOLOGRAPHIC' } })).toMatchObject({
      taskQueue: { kind: 0 },
    });
  });

  test('leaves out null and defaults, and keeps a map entry named __proto__', () => {
    const started = read({
      identity: null,
      attempt: 0,
      memo: { fields: JSON.parse('{"__proto__": {"data": "AA=="}}') as object },
    });
    expect(Object.keys(started)).toEqual(['completionCallbacks', 'memo']);
    expect(Object.keys((started as { memo: { fields: object } }).memo.fields)).toEqual(['__proto__']);
  });

  test('reads times', () => {
    for (const time of [
      '2026-11-24T15:17:52.965438656Z',
      '2026-11-24T16:17:52.965438656+01:00',
      { seconds: '1795533472', nanos: 965438656 },
    ]) {
      const [event] = decodeOne(JSON.stringify([{ eventId: 1, eventTime: time }])).events!;
      expect([Number(event!.eventTime!.seconds), event!.eventTime!.nanos]).toEqual([1795533472, 965438656]);
    }
    expect(read({ workflowRunTimeout: '-1.5s' })).toMatchObject({
      workflowRunTimeout: { nanos: -500000000 },
    });
  });

  test('removes a result that is an empty list of payloads, which core refuses', () => {
    const event = { eventId: 1, eventType: 'EVENT_TYPE_ACTIVITY_TASK_COMPLETED' };
    for (const result of [{ payloads: [] }, {}]) {
      const decoded = decodeOne(
        JSON.stringify([{ ...event, activityTaskCompletedEventAttributes: { scheduledEventId: 1, result } }]),
      );
      expect(decoded.events![0]!.activityTaskCompletedEventAttributes!.result).toBeNull();
    }
  });
});

test('reads a history of 6,000 events', () => {
  const big = JSON.stringify({ events: Array.from({ length: 91 }, () => json.events).flat() });

  const decoded = decodeOne(big);

  expect(decoded.events).toHaveLength(6006);
});
