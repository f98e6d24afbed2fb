import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as proto from '@temporalio/proto';
import { isTemporalReplayError, messageOf } from '../../src/errors';
import { fetchHistories } from '../../src/fetch/fetch-histories';
import { type Handler, startFakeCluster } from '../helpers/fake-cluster';
import { random } from '../helpers/random';

/** Time in which every fetch has to end, whatever the cluster does. */
const LIMIT_MS = 90_000;
/** Faults that are tried at once: most of their time is spent waiting. */
const AT_ONCE = 6;

interface Options {
  /** Time after which no further fault is tried. */
  budgetMs?: number;
  /** Number of faults. @default all */
  count?: number;
  /** Chooses the faults if not all of them are tried. */
  seed?: number;
}

/**
 * Fetches three runs from clusters with one fault each. Every fetch has to end, with the right runs stored or the code of the fault,
 * and whatever is stored has to be the whole history of its run.
 */
export async function attack({ budgetMs = 10 * 60_000, count, seed = 1 }: Options = {}): Promise<{
  tried: number;
  failures: string[];
}> {
  const next = random(seed);
  const order = FAULTS.map((fault) => ({ fault, at: count === undefined ? 0 : next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ fault }) => fault);
  const chosen = count === undefined ? order : order.filter(({ isSlow }) => !isSlow).slice(0, count);
  const until = performance.now() + budgetMs;
  const failures: string[] = [];
  let tried = 0;
  const worker = async () => {
    for (let fault = chosen.shift(); fault && performance.now() < until; fault = chosen.shift()) {
      tried++;
      for (const problem of await problemsOf(fault)) failures.push(`${fault.name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { tried, failures };
}

/** Codes of a fetch that ends with an error; else the number of runs that it stores. */
type Outcome = number | string;

interface Fault {
  name: string;
  expected: Outcome | readonly Outcome[];
  /** True if the fetch waits or retries for more than some seconds. */
  isSlow?: boolean;
  /** Opens the cluster. */
  open(): Promise<{ address: string; stop(): void }>;
}

async function problemsOf({ open, expected }: Fault): Promise<string[]> {
  const out = mkdtempSync(join(tmpdir(), 'attack-cluster-'));
  const cluster = await open();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), LIMIT_MS);
  let outcome: Outcome = 0;
  const problems: string[] = [];
  try {
    const options = { address: cluster.address, tls: false, query: '', out, onProgress: () => undefined };
    for await (const run of fetchHistories({ ...options, signal: end.signal }))
      if (run.outcome === 'new') outcome++;
  } catch (err) {
    outcome = isTemporalReplayError(err) ? err.code : messageOf(err);
    if (isTemporalReplayError(err) && err.message.includes('\u001b')) problems.push('it prints an escape');
  } finally {
    clearTimeout(timer);
    cluster.stop();
  }
  if (end.signal.aborted) problems.push(`it did not end within ${LIMIT_MS / 1000} s`);
  else if (![expected].flat().includes(outcome))
    problems.push(`it came to ${outcome}, not to ${[expected].flat().join(' or ')}`);
  problems.push(...problemsOfFiles(out));
  rmSync(out, { recursive: true, force: true });
  return problems;
}

/** Returns complaints about stored files that are not the whole history of a run. */
function problemsOfFiles(out: string): string[] {
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name, parentPath }) => {
      const run = RUNS.find(({ runId }) => name.includes(runId));
      if (!name.endsWith('.json') || !run) return [`it left ${name}`];
      const { events } = JSON.parse(readFileSync(join(parentPath, name), 'utf8')) as { events: object[] };
      const isWhole =
        [run.events, LARGE].includes(events.length) && JSON.stringify(events[0]).includes(run.runId);
      return isWhole ? [] : [`${name} holds ${events.length} of ${run.events} events`];
    });
}

const { EventType } = proto.temporal.api.enums.v1;
const service = proto.temporal.api.workflowservice.v1;
const History = proto.temporal.api.history.v1.History;

/** Two closed runs and an open one. */
const RUNS = [
  { workflowId: 'a', runId: '00000000-0000-4000-8000-00000000000a', status: 2, events: 12 },
  { workflowId: 'b', runId: '00000000-0000-4000-8000-00000000000b', status: 2, events: 7 },
  { workflowId: 'c', runId: '00000000-0000-4000-8000-00000000000c', status: 1, events: 9 },
] as const;
type Run = (typeof RUNS)[number];

/** Number of events of a history that is larger than any server allows by default. */
const LARGE = 200_000;
const PAGE = 5;
const TYPE = 'order';

interface Shape {
  run?: Run;
  from?: number;
  to?: number;
  workflowId?: string;
  type?: string;
  /** Type of the last event, if it is event `to`. */
  last?: number;
  data?: Uint8Array;
}

/** Returns events of a run. */
function eventsOf({
  run = RUNS[0],
  from = 1,
  to = run.events,
  workflowId = run.workflowId,
  type = TYPE,
  last,
  data,
}: Shape = {}) {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const eventId = from + i;
    const isLast = eventId === to && to >= run.events;
    return {
      eventId: eventId as never,
      eventType:
        eventId === 1
          ? EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
          : isLast && run.status === 2
            ? (last ?? EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
            : EventType.EVENT_TYPE_MARKER_RECORDED,
      ...(eventId === 1 && {
        workflowExecutionStartedEventAttributes: {
          workflowId,
          originalExecutionRunId: run.runId,
          workflowType: { name: type },
        },
      }),
      ...(data && { markerRecordedEventAttributes: { details: { a: { payloads: [{ data }] } } } }),
    };
  });
}

const token = (text: string): Uint8Array => Buffer.from(text);

const page = (events: ReturnType<typeof eventsOf>, next = ''): Uint8Array =>
  service.GetWorkflowExecutionHistoryResponse.encode({
    history: { events },
    nextPageToken: token(next),
  }).finish();

const rawPage = (...blobs: Uint8Array[]): Uint8Array =>
  service.GetWorkflowExecutionHistoryResponse.encode({
    rawHistory: blobs.map((data) => ({ data, encodingType: 1 })),
  }).finish();

const infoOf = (run: Run, { events = 0 }: { events?: number } = {}) => ({
  execution: { workflowId: run.workflowId, runId: run.runId },
  type: { name: TYPE },
  status: run.status as number,
  historyLength: events as never,
});

const listed = (runs: readonly Run[], next = ''): Uint8Array =>
  service.ListWorkflowExecutionsResponse.encode({
    executions: runs.map((run) => infoOf(run)),
    nextPageToken: token(next),
  }).finish();

const runOf = (request: Uint8Array): { run: Run; from: number } => {
  const { execution, nextPageToken } = service.GetWorkflowExecutionHistoryRequest.decode(request);
  const run = RUNS.find(({ runId }) => runId === execution?.runId) ?? RUNS[0];
  return { run, from: Number(Buffer.from(nextPageToken ?? []).toString() || 1) };
};

/** The answers of a cluster without a fault, which sends a page of five events at a time. */
const HEALTHY: Record<string, Handler> = {
  CountWorkflowExecutions: () =>
    service.CountWorkflowExecutionsResponse.encode({ count: 3 as never }).finish(),
  ListWorkflowExecutions: (_, request) => {
    const at = Buffer.from(
      service.ListWorkflowExecutionsRequest.decode(request).nextPageToken ?? [],
    ).toString();
    return at === '' ? listed(RUNS.slice(0, 2), 'more') : listed(RUNS.slice(2));
  },
  DescribeWorkflowExecution: (_, request) => {
    const { execution } = service.DescribeWorkflowExecutionRequest.decode(request);
    const run = RUNS.find(({ runId }) => runId === execution?.runId)!;
    return service.DescribeWorkflowExecutionResponse.encode({
      workflowExecutionInfo: infoOf(run, { events: run.events }),
    }).finish();
  },
  GetWorkflowExecutionHistory: (_, request) => {
    const { run, from } = runOf(request);
    const to = Math.min(run.events, from + PAGE - 1);
    return page(eventsOf({ run, from, to }), to < run.events ? String(to + 1) : '');
  },
};

const NEVER: Handler = () => new Promise(() => undefined);
const garbage = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 255) % 256);

const LIST = 'ListWorkflowExecutions';
const HISTORY = 'GetWorkflowExecutionHistory';
const DESCRIBE = 'DescribeWorkflowExecution';
const COUNT = 'CountWorkflowExecutions';

/** Returns a fault of the answers of one method. */
function answering(
  method: string,
  name: string,
  handler: Handler,
  expected: Fault['expected'],
  { isSlow = false }: { isSlow?: boolean } = {},
): Fault {
  const open = () => startFakeCluster({ ...HEALTHY, [method]: handler });
  return { name: `${method} ${name}`, expected, isSlow, open };
}

/** Returns a fault of the history of the first run. The others are sent as they are. */
const sending = (
  name: string,
  answer: (from: number) => Uint8Array,
  expected: Fault['expected'],
  isSlow = false,
): Fault =>
  answering(
    HISTORY,
    `sends ${name}`,
    (call, request) => {
      const { run, from } = runOf(request);
      return run === RUNS[0] ? answer(from) : HEALTHY[HISTORY]!(call, request);
    },
    expected,
    { isSlow },
  );

const STATUS: readonly (readonly [code: number, name: string, once: Outcome, always: Outcome])[] = [
  [1, 'CANCELLED', 3, 'CLUSTER_FAILED'],
  [2, 'UNKNOWN', 3, 'CLUSTER_FAILED'],
  [3, 'INVALID_ARGUMENT', 'CLUSTER_FAILED', 'CLUSTER_FAILED'],
  [4, 'DEADLINE_EXCEEDED', 3, 'CLUSTER_UNREACHABLE'],
  [7, 'PERMISSION_DENIED', 'CLUSTER_PERMISSION', 'CLUSTER_PERMISSION'],
  [8, 'RESOURCE_EXHAUSTED', 3, 'CLUSTER_FAILED'],
  [9, 'FAILED_PRECONDITION', 'CLUSTER_FAILED', 'CLUSTER_FAILED'],
  [10, 'ABORTED', 3, 'CLUSTER_FAILED'],
  [11, 'OUT_OF_RANGE', 'CLUSTER_FAILED', 'CLUSTER_FAILED'],
  [12, 'UNIMPLEMENTED', 'CLUSTER_UNREACHABLE', 'CLUSTER_UNREACHABLE'],
  [13, 'INTERNAL', 3, 'CLUSTER_FAILED'],
  [14, 'UNAVAILABLE', 3, 'CLUSTER_UNREACHABLE'],
  [15, 'DATA_LOSS', 3, 'CLUSTER_FAILED'],
  [16, 'UNAUTHENTICATED', 'CLUSTER_PERMISSION', 'CLUSTER_PERMISSION'],
];

const statusFaults: Fault[] = STATUS.flatMap(([code, name, once, always]) =>
  [LIST, HISTORY].flatMap((method) => [
    answering(
      method,
      `fails once with ${name}`,
      (call, request) =>
        call === 1 ? { code, details: `\u001b[31m${name}` } : HEALTHY[method]!(call, request),
      once,
    ),
    answering(method, `always fails with ${name}`, () => ({ code, details: `\u001b[31m${name}` }), always, {
      isSlow: typeof once === 'number',
    }),
  ]),
);

let fresh = 0;
const freshToken = (): string => `fresh ${fresh++}`;

const listFaults: Fault[] = [
  answering(LIST, 'repeats a page and its token', () => listed(RUNS, 'same'), 'CLUSTER_FAILED'),
  answering(LIST, 'repeats the token of empty pages', () => listed([], 'same'), 'CLUSTER_FAILED'),
  answering(LIST, 'never ends, with empty pages', () => listed([], freshToken()), 'CLUSTER_FAILED'),
  answering(LIST, 'never ends, with the same runs', () => listed(RUNS, freshToken()), 'CLUSTER_FAILED'),
  answering(
    LIST,
    'begins with empty pages',
    (call) => (call < 20 ? listed([], freshToken()) : listed(RUNS)),
    3,
  ),
  answering(LIST, 'names runs twice', () => listed([...RUNS, ...RUNS]), 3),
  answering(
    LIST,
    'names a run without ids',
    () =>
      service.ListWorkflowExecutionsResponse.encode({
        executions: [{ type: { name: TYPE }, status: 2 }],
      }).finish(),
    'CLUSTER_FAILED',
  ),
  answering(LIST, 'sends bytes that are no message', () => garbage, 'CLUSTER_FAILED', { isSlow: true }),
  answering(LIST, 'never answers', NEVER, 'CLUSTER_UNREACHABLE', { isSlow: true }),
  answering(
    LIST,
    'does not know the namespace',
    () => ({ code: 5, details: 'Namespace default is not found.' }),
    'CLUSTER_NAMESPACE',
  ),
  answering(COUNT, 'never answers', NEVER, 3),
  answering(COUNT, 'fails', () => ({ code: 13, details: 'x' }), 3),
  answering(COUNT, 'sends bytes that are no message', () => garbage, 3),
  answering(
    COUNT,
    'is below zero',
    () => service.CountWorkflowExecutionsResponse.encode({ count: -5 as never }).finish(),
    3,
  ),
  answering(DESCRIBE, 'never answers', NEVER, 'CLUSTER_UNREACHABLE', { isSlow: true }),
  answering(DESCRIBE, 'is not there', () => ({ code: 5, details: 'workflow not found' }), 2),
  answering(
    DESCRIBE,
    'is about another run',
    () =>
      service.DescribeWorkflowExecutionResponse.encode({ workflowExecutionInfo: infoOf(RUNS[0]) }).finish(),
    'CLUSTER_FAILED',
  ),
  answering(
    DESCRIBE,
    'knows of more events',
    () =>
      service.DescribeWorkflowExecutionResponse.encode({
        workflowExecutionInfo: infoOf(RUNS[2], { events: 99 }),
      }).finish(),
    'CLUSTER_HISTORY',
  ),
];

const [a, b] = RUNS;
const historyFaults: Fault[] = [
  sending('the history of another run', () => page(eventsOf({ run: b })), 'CLUSTER_HISTORY'),
  sending('the history of another workflow', () => page(eventsOf({ workflowId: 'x' })), 'CLUSTER_HISTORY'),
  sending('the history of another type', () => page(eventsOf({ type: 'x' })), 'CLUSTER_HISTORY'),
  sending('no events', () => page([]), 'CLUSTER_HISTORY'),
  sending('no first event', () => page(eventsOf({ from: 2 })), 'CLUSTER_HISTORY'),
  sending(
    'no start in the first event',
    () =>
      page(
        eventsOf()
          .slice(1)
          .map((event, i) => ({ ...event, eventId: (i + 1) as never })),
      ),
    'CLUSTER_HISTORY',
  ),
  sending('no last event', () => page(eventsOf({ to: 11 })), 'CLUSTER_HISTORY'),
  sending('one page of three', () => page(eventsOf({ to: PAGE })), 'CLUSTER_HISTORY'),
  sending(
    'another event at the end',
    () => page(eventsOf({ last: EventType.EVENT_TYPE_TIMER_STARTED })),
    'CLUSTER_HISTORY',
  ),
  sending('a gap', () => page(eventsOf().filter((_, i) => i !== 5)), 'CLUSTER_HISTORY'),
  sending(
    'an event twice',
    () => page(eventsOf().flatMap((event, i) => (i === 5 ? [event, event] : [event]))),
    'CLUSTER_HISTORY',
  ),
  sending('events in another order', () => page(eventsOf().reverse()), 'CLUSTER_HISTORY'),
  sending('the same page and token for ever', () => page(eventsOf({ to: PAGE }), '1'), [
    'CLUSTER_HISTORY',
    'CLUSTER_FAILED',
  ]),
  sending(
    'a token that repeats, with empty pages',
    (from) => (from === 1 ? page(eventsOf({ to: PAGE }), '6') : page([], '6')),
    'CLUSTER_FAILED',
  ),
  sending('empty pages for ever', () => page([], freshToken()), 'CLUSTER_FAILED'),
  sending(
    'new events for ever',
    (from) =>
      page(
        eventsOf({ run: { ...a, events: Infinity } as never, from, to: from + 4_999 }),
        String(from + 5_000),
      ),
    'CLUSTER_HISTORY',
    true,
  ),
  sending(
    'large events for ever',
    (from) =>
      page(
        eventsOf({ run: { ...a, events: Infinity } as never, from, to: from, data: Buffer.alloc(8_000_000) }),
        String(from + 1),
      ),
    'CLUSTER_HISTORY',
    true,
  ),
  sending(
    `${LARGE} events in one page`,
    () => page(eventsOf({ run: { ...a, events: LARGE } as never })),
    3,
    true,
  ),
  sending(
    'a page of 200 MB',
    () => page(eventsOf({ data: Buffer.alloc(200_000_000 / 12) })),
    'CLUSTER_FAILED',
    true,
  ),
  sending(
    'stored batches',
    () =>
      rawPage(
        History.encode({ events: eventsOf({ to: 4 }) }).finish(),
        History.encode({ events: eventsOf({ from: 5 }) }).finish(),
      ),
    3,
  ),
  sending('stored batches that are no message', () => rawPage(garbage), 'CLUSTER_HISTORY'),
  sending('bytes that are no message', () => garbage, 'CLUSTER_FAILED', true),
  sending(
    'empty pages between others',
    (from) =>
      from === 1
        ? page(eventsOf({ to: PAGE }), '-1')
        : from === -1
          ? page([], '6')
          : page(eventsOf({ from: 6 })),
    3,
  ),
  answering(
    HISTORY,
    'is gone after it was listed',
    (call, request) =>
      runOf(request).run === b
        ? { code: 5, details: 'workflow execution not found' }
        : HEALTHY[HISTORY]!(call, request),
    2,
  ),
  answering(
    HISTORY,
    'is gone after its first page',
    (call, request) =>
      runOf(request).from > 1 && runOf(request).run === b
        ? { code: 5, details: 'workflow execution not found' }
        : HEALTHY[HISTORY]!(call, request),
    2,
  ),
  answering(HISTORY, 'never answers', NEVER, 'CLUSTER_UNREACHABLE', { isSlow: true }),
  answering(
    HISTORY,
    'does not answer once',
    (call, request) => (call === 2 ? NEVER(call, request) : HEALTHY[HISTORY]!(call, request)),
    3,
    { isSlow: true },
  ),
  answering(
    HISTORY,
    'answers after a second',
    async (call, request) => {
      await delay(1_000);
      return HEALTHY[HISTORY]!(call, request);
    },
    3,
    { isSlow: true },
  ),
];

const delay = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Opens a port that does something to each connection. */
async function openPort(onConnection: (socket: Socket) => void): Promise<{ address: string; stop(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const stop = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `127.0.0.1:${port}`, stop };
}

/** Opens a port before a cluster without a fault, which does something to each connection. */
async function openProxy(onConnection: (client: Socket, connect: () => Socket, number: number) => void) {
  const cluster = await startFakeCluster(HEALTHY);
  const port = Number(cluster.address.split(':')[1]);
  let number = 0;
  const proxy = await openPort((client) => {
    const connect = (): Socket => {
      const { connect: open } = require('node:net') as typeof import('node:net');
      const upstream = open(port, '127.0.0.1').on('error', () => undefined);
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
      client.pipe(upstream).pipe(client);
      return upstream;
    };
    onConnection(client, connect, ++number);
  });
  return { address: proxy.address, stop: () => (proxy.stop(), cluster.stop()) };
}

const connectionFaults: Fault[] = [
  { name: 'no fault', expected: 3, open: () => startFakeCluster(HEALTHY) },
  {
    name: 'nothing listens',
    expected: 'CLUSTER_UNREACHABLE',
    open: async () => ({ address: '127.0.0.1:1', stop: () => undefined }),
  },
  {
    name: 'the port is silent',
    isSlow: true,
    expected: 'CLUSTER_UNREACHABLE',
    open: () => openPort(() => undefined),
  },
  {
    name: 'the port closes every connection',
    expected: ['CLUSTER_UNREACHABLE', 'CLUSTER_TLS'],
    open: () => openPort((socket) => socket.destroy()),
  },
  {
    name: 'the port speaks HTTP/1',
    expected: 'CLUSTER_UNREACHABLE',
    open: () => openPort((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi')),
  },
  {
    name: 'the port sends noise',
    expected: 'CLUSTER_UNREACHABLE',
    open: () => openPort((socket) => socket.end(Buffer.concat(Array(50).fill(garbage)))),
  },
  {
    name: 'the connection takes 6 s',
    isSlow: true,
    expected: 3,
    open: () => openProxy((_, connect) => void setTimeout(connect, 6_000)),
  },
  {
    name: 'the first connection is cut',
    expected: 3,
    open: () => openProxy((client, connect, number) => (number === 1 ? client.destroy() : connect())),
  },
  {
    name: 'the connection is cut in the middle',
    expected: 3,
    open: () =>
      openProxy((client, connect, number) => {
        let bytes = 0;
        const upstream = connect();
        if (number <= 2)
          upstream.on('data', (part: Buffer) => (bytes += part.length) > 700 * number && client.destroy());
      }),
  },
  {
    name: 'the connection is cut for ever after the list',
    isSlow: true,
    expected: 'CLUSTER_UNREACHABLE',
    open: () =>
      openProxy((client, connect, number) => {
        let bytes = 0;
        const upstream = connect();
        upstream.on(
          'data',
          (part: Buffer) => (number > 1 || (bytes += part.length) > 700) && client.destroy(),
        );
      }),
  },
  {
    name: 'the server version is noise',
    expected: ['CLUSTER_FAILED', 3],
    open: () => startFakeCluster({ ...HEALTHY, GetSystemInfo: () => garbage }),
  },
  {
    name: 'the server never says its version',
    isSlow: true,
    expected: 'CLUSTER_UNREACHABLE',
    open: () => startFakeCluster({ ...HEALTHY, GetSystemInfo: NEVER }),
  },
  {
    name: 'the server says its version after 6 s',
    isSlow: true,
    expected: 3,
    open: () =>
      startFakeCluster({
        ...HEALTHY,
        GetSystemInfo: async () => {
          await delay(6_000);
          return service.GetSystemInfoResponse.encode({ serverVersion: '1.29.0' }).finish();
        },
      }),
  },
  {
    name: 'the server is too old to say its version',
    expected: 3,
    open: () =>
      startFakeCluster({ ...HEALTHY, GetSystemInfo: () => ({ code: 12, details: 'unknown method' }) }),
  },
];

const FAULTS: readonly Fault[] = [...connectionFaults, ...listFaults, ...historyFaults, ...statusFaults];
