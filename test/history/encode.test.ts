import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { connectCluster } from '../../src/fetch/connect';
import { downloadHistory } from '../../src/fetch/download';
import { encodeHistory } from '../../src/history/encode';
import type { History } from '../../src/temporal/event';
import { locateServer } from '../../src/server/locate';
import { useDevServer } from '../helpers/dev-server';
import { historyFromProtoJson } from '../helpers/histories';

const exec = promisify(execFile);
const environment = useDevServer({
  searchAttributes: { CustomerId: 'Keyword', Amount: 'Int', Tags: 'KeywordList' },
});

/** A run with something of everything whose form differs between encoders: maps, durations, times, bytes, doubles, enums. */
async function recordRun(workflowId: string): Promise<History> {
  const env = environment();
  const handle = await env.client.workflow.start('orderWorkflow', {
    taskQueue: 'nobody',
    workflowId,
    args: [{ text: '<&>"é😀\u2028', n: 1.5 }, Buffer.from([0, 1, 255])],
    memo: { z: 1, a: 'b', '10': true, '9': null, __proto__x: {} },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: defineSearchAttributeKey('CustomerId', 'KEYWORD'), value: 'c-1' },
      { key: defineSearchAttributeKey('Amount', 'INT'), value: 3 },
      { key: defineSearchAttributeKey('Tags', 'KEYWORD_LIST'), value: ['x', 'y'] },
    ]),
    workflowRunTimeout: '300.5s',
    workflowExecutionTimeout: '10 minutes',
    retry: {
      maximumAttempts: 1,
      backoffCoefficient: 2.25,
      initialInterval: 1,
      nonRetryableErrorTypes: ['A<B>'],
    },
    staticSummary: 'summary',
  });
  await handle.signal('sig nal', 1, 'zwei', Buffer.from([1, 2, 3]));
  await handle.cancel();
  await handle.terminate('because\nof "this" <tag> \u0001');
  const cluster = await connectCluster({ address: env.address });
  try {
    return (await downloadHistory(cluster, { workflowId, runId: handle.firstExecutionRunId }))!;
  } finally {
    await cluster.close();
  }
}

it('encodeHistory writes what the CLI prints, byte for byte', async () => {
  const history = await recordRun('with a/slash');
  const located = await locateServer('dev-server');
  if (located.download) throw new Error('The dev server of this test was started from an executable.');
  const args = [
    'workflow',
    'show',
    '--output',
    'json',
    '-w',
    'with a/slash',
    '--address',
    environment().address,
  ];
  const { stdout } = await exec(located.path, args);
  expect(JSON.parse(encodeHistory(history))).toEqual(JSON.parse(stdout));
  expect(encodeHistory(history)).toBe(stdout);
});

it('encodeHistory writes the same text for a history that was read back', async () => {
  const text = encodeHistory(await recordRun('again'));
  expect(encodeHistory(historyFromProtoJson(JSON.parse(text)))).toBe(text);
});

it('encodeHistory writes the same text in whatever order maps arrive', () => {
  const payload = (text: string) => ({ data: Buffer.from(text) });
  const history = (keys: string[]): History => ({
    events: [
      {
        eventId: 1 as never,
        eventType: 1,
        workflowExecutionStartedEventAttributes: {
          memo: { fields: Object.fromEntries(keys.map((key) => [key, payload(key)])) },
          continuedFailure: {
            cause: {
              encodedAttributes: { metadata: Object.fromEntries(keys.map((key) => [key, Buffer.from(key)])) },
            },
          },
        },
      },
    ],
  });
  expect(encodeHistory(history(['b', 'a', 'ä', 'B']))).toBe(encodeHistory(history(['B', 'ä', 'a', 'b'])));
  expect(encodeHistory(history(['b', 'a']))).toMatch(/"a": "YQ==",\n *"b": "Yg=="[^]*"a": \{[^]*"b": \{/);
});
