import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createServer as createTlsServer } from 'node:tls';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { WorkflowHandleWithFirstExecutionRunId as Started } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SAMPLE_QUERY } from '../../src/init/plan';
import { fetchHistories, streamHistories } from '../../src/fetch/fetch-histories';
import { connectCluster } from '../../src/fetch/connect';
import { downloadHistory } from '../../src/fetch/download';
import { historyPath } from '../../src/history/store';
import type { FetchedRun, FetchOptions } from '../../src/options/types';
import { runCli } from '../helpers/cli';
import type { CliOptions } from '../helpers/cli';
import { useDevServer } from '../helpers/dev-server';
import { historyPage, listing, startFakeCluster } from '../helpers/fake-cluster';
import { soon } from '../helpers/soon';

const environment = useDevServer({
  searchAttributes: { Batch: 'Keyword' },
  // By default the server waits half a minute before it deletes a run.
  extraArgs: ['transfer', 'visibility'].flatMap((queue) => [
    '--dynamic-config-value',
    `history.${queue}ProcessorEnsureCloseBeforeDelete=false`,
  ]),
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'temporal-replay-fetch-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Starts a run, which needs no worker: an open run waits for one, and a terminated run is closed. */
async function startRun(
  workflowId: string,
  batch: string,
  options: { type?: string; close?: boolean } = {},
): Promise<Started> {
  const { type = 'orderWorkflow', close = true } = options;
  const handle = await environment().client.workflow.start(type, {
    taskQueue: 'nobody',
    workflowId,
    args: [{ workflowId }],
    searchAttributes: { Batch: [batch] },
  });
  if (close) await handle.terminate('done');
  return handle;
}

/** Starts runs and waits until all are visible to a query. */
async function startBatch(
  runs: { workflowId?: string; type?: string; close?: boolean }[],
): Promise<{ batch: string; query: string; handles: Started[] }> {
  const batch = randomUUID();
  const query = `Batch = "${batch}"`;
  const handles = await Promise.all(
    runs.map(({ workflowId, ...rest }, i) => startRun(workflowId ?? `${batch}-${i}`, batch, rest)),
  );
  const closed = runs.filter(({ close }) => close !== false).length;
  await settled(query, runs.length);
  await settled(`${query} AND ExecutionStatus = "Terminated"`, closed);
  return { batch, query, handles };
}

/** Starts a run and ends its first workflow task with a command, as a worker does. */
async function endRun(batch: string, command: temporal.api.command.v1.ICommand): Promise<void> {
  const { client } = environment();
  const { namespace } = client.options;
  const taskQueue = { name: `${batch}-${command.commandType}` };
  await client.workflow.start('order', {
    taskQueue: taskQueue.name,
    workflowId: taskQueue.name,
    searchAttributes: { Batch: [batch] },
  });
  const { workflowService } = client;
  const { taskToken } = await client.connection.withDeadline(Date.now() + 30_000, () =>
    workflowService.pollWorkflowTaskQueue({ namespace, taskQueue }),
  );
  await workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands: [command] });
}

async function settled(query: string, count: number): Promise<void> {
  await soon(async () => expect((await environment().client.workflow.count(query)).count).toBe(count));
}

const fetchCli = (args: string[], options: CliOptions = {}) => {
  const address = args.includes('--address') ? [] : ['--address', environment().address];
  return runCli(['fetch', ...address, ...args], { cwd: directory, ...options });
};

async function fetchAll(options: FetchOptions): Promise<FetchedRun[]> {
  const runs: FetchedRun[] = [];
  for await (const run of fetchHistories({ address: environment().address, out: directory, ...options }))
    runs.push(run);
  return runs;
}

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const outcomes = (runs: FetchedRun[]) => runs.map(({ outcome }) => outcome).sort();

/** Returns the cells of a row of the summary table, after the ones that it starts with. */
function row(stdout: string, ...start: string[]): string[] | undefined {
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
  return rows.find((cells) => start.every((text, i) => cells[i] === text))?.slice(start.length);
}

/** A port that takes connections and never answers. A fetch waits 20 s for it, while the tests of this file run. */
class SilentPort {
  private readonly server = createServer(() => undefined);
  answer!: ReturnType<typeof runCli>;

  async open(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    const { port } = this.server.address() as AddressInfo;
    this.answer = runCli(['fetch', '--query', '', '--address', `127.0.0.1:${port}`], { cwd: tmpdir() });
  }

  close(): void {
    this.server.close();
  }
}

const silentPort = new SilentPort();
beforeAll(() => silentPort.open());
afterAll(() => silentPort.close());

describe('replay fetch', () => {
  it('takes with the query that replay init prints all runs but those that were terminated', async () => {
    const { batch, query } = await startBatch([{}, { close: false }]);
    const { CommandType } = temporal.api.enums.v1;
    await endRun(batch, {
      commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
      completeWorkflowExecutionCommandAttributes: {},
    });
    await endRun(batch, {
      commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
      failWorkflowExecutionCommandAttributes: { failure: { message: 'no' } },
    });
    await endRun(batch, {
      commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
      cancelWorkflowExecutionCommandAttributes: {},
    });
    await endRun(batch, {
      commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
      continueAsNewWorkflowExecutionCommandAttributes: {
        workflowType: { name: 'next' },
        taskQueue: { name: batch },
      },
    });
    await settled(`${query} AND ExecutionStatus != "Running"`, 5);

    const { stdout } = await fetchCli(['--query', `${query} AND ${SAMPLE_QUERY}`, '--dry-run']);

    const statuses = ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELED', 'CONTINUED_AS_NEW', 'TERMINATED'];
    expect(statuses.filter((status) => stdout.includes(status))).toEqual(statuses.slice(0, -1));
  });

  it('writes the runs of a query to files, sums them up in a table, and writes nothing new the second time', async () => {
    const { query } = await startBatch([{}, {}, { type: 'refund' }, { close: false }]);
    const first = await fetchCli(['--query', query]);
    expect(first).toMatchObject({ code: 0 });
    expect(row(first.stdout, 'type', 'status')).toEqual([
      'runs',
      'events',
      'bytes',
      'new',
      'updated',
      'unchanged',
      'gone',
    ]);
    expect(row(first.stdout, 'orderWorkflow', 'TERMINATED')).toEqual([
      '2',
      '6',
      expect.any(String),
      '2',
      '0',
      '0',
      '0',
    ]);
    expect(row(first.stdout, 'orderWorkflow', 'RUNNING')).toEqual([
      '1',
      '2',
      expect.any(String),
      '1',
      '0',
      '0',
      '0',
    ]);
    expect(row(first.stdout, 'refund', 'TERMINATED')).toEqual([
      '1',
      '3',
      expect.any(String),
      '1',
      '0',
      '0',
      '0',
    ]);
    expect(first.stdout).toMatch(/^total +4 +11 +[\d,]+ +4 +0 +0 +0$/m);
    expect(first.stderr.split('\n').filter((line) => line.startsWith('new '))).toHaveLength(4);

    const files = await filesBelow(join(directory, 'histories'));
    expect(files).toHaveLength(4);
    const before = await Promise.all(
      files.map(async (file) => [await readFile(file, 'utf8'), (await stat(file)).ino]),
    );
    for (const [text] of before) {
      const { events } = JSON.parse(text as string) as { events: { eventType: string }[] };
      expect(events[0]!.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED');
    }

    for (const extra of [[], ['--refresh']]) {
      const again = await fetchCli(['--query', query, ...extra]);
      expect(again.stdout).toMatch(/^total +4 +11 +[\d,]+ +0 +0 +4 +0$/m);
      expect(
        await Promise.all(files.map(async (file) => [await readFile(file, 'utf8'), (await stat(file)).ino])),
      ).toEqual(before);
    }
  });

  it('fetches runs by ids, the latest run without a run id, and names those that do not exist', async () => {
    const batch = randomUUID();
    const older = await startRun(`${batch}-a`, batch);
    const latest = await startRun(`${batch}-a`, batch);
    await startRun(`${batch} b`, batch);
    const stored = async () =>
      (await filesBelow(directory)).map((file) => basename(file, '.json').slice(-36)).sort();

    expect(await fetchCli(['--workflow-id', `${batch}-a`, '--out', '.'])).toMatchObject({ code: 0 });
    expect(await stored()).toEqual([latest.firstExecutionRunId]);
    const both = [
      '--workflow-id',
      `${batch}-a`,
      '--run-id',
      older.firstExecutionRunId,
      '--run-id',
      latest.firstExecutionRunId,
    ];
    expect((await fetchCli([...both, '--out', '.'])).stdout).toMatch(/^total +2 +6 +[\d,]+ +1 +0 +1 +0$/m);

    const several = await fetchCli([
      '--workflow-id',
      `${batch} b`,
      '--workflow-id',
      'no such id',
      '--out',
      '.',
    ]);
    expect(several.code).toBe(0);
    expect(several.stdout).toMatch(/^total +2 +3 +[\d,]+ +1 +0 +0 +1$/m);
    expect(several.stderr).toContain(
      '1 run is gone (deleted, past retention, or a mistyped id):\n  no such id\n',
    );
    expect(await stored()).toHaveLength(3);
  });

  it('fetches the runs whose ids are on standard input', async () => {
    const batch = randomUUID();
    const [a, b] = [
      await startRun(`${batch} with space`, batch),
      await startRun(`${batch}\tx`.replace('\t', '-'), batch),
    ];
    const input = `${a.workflowId} ${a.firstExecutionRunId}\r\n\n${b.workflowId}\t${b.firstExecutionRunId}\n${a.workflowId}\n`;
    for (const args of [['-'], []]) {
      const { code, stdout } = await fetchCli([...args, '--dry-run'], { input });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^total +2 /m);
    }
    expect(await fetchCli(['-'], { input: '\n' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Nothing says which runs'),
    });
    expect(await fetchCli([])).toMatchObject({ code: 2, stderr: expect.stringContaining('[USAGE]') });
  });

  it('keeps to --limit and --limit-per-type, and writes nothing with --dry-run', async () => {
    const { query } = await startBatch([
      {},
      {},
      {},
      { type: 'refund' },
      { type: 'refund' },
      { type: 'audit' },
    ]);
    const count = async (...args: string[]) =>
      /^total +(\d+)/m.exec((await fetchCli(['--query', query, ...args])).stdout)![1];
    expect(await count('--dry-run')).toBe('6');
    expect(await count('--dry-run', '--limit', '4')).toBe('4');
    expect(await count('--dry-run', '--limit-per-type', '2')).toBe('5');
    expect(await count('--dry-run', '--limit-per-type', '1', '--limit', '2')).toBe('2');
    expect(await filesBelow(directory)).toEqual([]);
    expect((await fetchCli(['--query', query, '--dry-run'])).stdout).toContain(
      'Dry run: nothing was written.',
    );
    expect(await count('--limit-per-type', '1', '--concurrency', '1')).toBe('3');
    expect(await filesBelow(directory)).toHaveLength(3);
  });

  it('refreshes an open run, and replaces its file when --gzip changes', async () => {
    const { query, handles } = await startBatch([{ close: false }]);
    expect(outcomes(await fetchAll({ query }))).toEqual(['new']);
    expect(outcomes(await fetchAll({ query }))).toEqual(['unchanged']);
    await handles[0]!.signal('paid', 1);
    expect(await fetchAll({ query })).toMatchObject([{ outcome: 'updated', events: 3, status: 'RUNNING' }]);
    await handles[0]!.terminate();
    expect(await fetchAll({ query, gzip: true })).toMatchObject([
      { outcome: 'updated', events: 4, status: 'TERMINATED' },
    ]);
    const [file, ...others] = await filesBelow(directory);
    expect(others).toEqual([]);
    expect(file).toMatch(/\.json\.gz$/);
    expect(JSON.parse(gunzipSync(await readFile(file!)).toString()).events).toHaveLength(4);
    // The run is stored already, in another form.
    expect(await fetchAll({ query })).toMatchObject([{ outcome: 'unchanged', events: 4, file }]);
  });

  it('exits 0 with a message if no run matches', async () => {
    const result = await fetchCli(['--query', 'WorkflowType = "none"']);
    expect(result).toMatchObject({
      code: 0,
      stdout: 'No runs matched the query WorkflowType = "none": nothing was fetched.\n',
    });
    expect(await filesBelow(directory)).toEqual([]);
  });

  it('keeps the files of hostile workflow ids and types inside the output directory, one for each run', async () => {
    const wild = [
      ...[
        '../../../outside',
        '..',
        '/absolute',
        'a/b',
        'a%2Fb',
        'CON',
        'nul.txt',
        'Case',
        'case',
        '😀',
        'x'.repeat(900),
        `${'x'.repeat(899)}y`,
      ],
      ...['trailing.', 'trailing ', 'new\nline', 'C:\\x', '*?"<>|'],
    ];
    const batch = randomUUID();
    for (const [i, workflowId] of wild.entries())
      await startRun(workflowId, batch, { type: i % 2 ? '../type' : 'Type' });
    const query = `Batch = "${batch}"`;
    await settled(query, wild.length);
    const out = join(directory, 'deep', 'out');
    const runs = await fetchAll({ query, out });
    expect(runs.map(({ workflowId }) => workflowId).sort()).toEqual([...wild].sort());
    const files = await filesBelow(directory);
    expect(files).toHaveLength(wild.length);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(wild.length);
    for (const run of runs) {
      expect(run.file).toBe(`${join(out, historyPath(run))}.json`);
      expect(dirname(dirname(run.file!))).toBe(out);
    }
  });

  it('takes defaults from the config file, with paths relative to it, and prefers flags', async () => {
    const { query } = await startBatch([{}, {}]);
    const fetch = { address: environment().address, query, out: 'recorded', limit: 1 };
    await writeFile(join(directory, 'replay.config.json'), JSON.stringify({ fetch }));
    expect((await runCli(['fetch'], { cwd: directory })).stdout).toMatch(/^total +1 /m);
    expect(await filesBelow(join(directory, 'recorded'))).toHaveLength(1);
    expect((await runCli(['fetch', '--limit', '5'], { cwd: directory })).stdout).toMatch(/^total +2 /m);
    await writeFile(join(directory, 'replay.config.json'), JSON.stringify({ fetch: { qurey: query } }));
    expect(await runCli(['fetch'], { cwd: directory })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('fetch.qurey'),
    });
  });

  it('finds the cluster by environment variables and temporal.toml', async () => {
    const { query } = await startBatch([{}]);
    const { address } = environment();
    const args = ['fetch', '--query', query, '--dry-run'];
    expect(await runCli(args, { cwd: directory, env: { TEMPORAL_ADDRESS: address } })).toMatchObject({
      code: 0,
    });
    const toml = join(directory, 'temporal.toml');
    await writeFile(
      toml,
      `[profile.default]\naddress = "127.0.0.1:1"\n[profile.local]\naddress = "${address}"\n`,
    );
    expect(
      await runCli([...args, '--config-file', toml, '--profile', 'local'], { cwd: directory }),
    ).toMatchObject({ code: 0 });
    const env = { TEMPORAL_CONFIG_FILE: toml, TEMPORAL_PROFILE: 'local' };
    expect(await runCli(args, { cwd: directory, env })).toMatchObject({ code: 0 });
    expect(await runCli(args, { cwd: directory, env: { TEMPORAL_CONFIG_FILE: toml } })).toMatchObject({
      code: 3,
    });
    expect(await runCli([...args, '--profile', 'x'], { cwd: directory, env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Profile 'x' not found"),
    });
  });

  it('streams histories to the library without storing them', async () => {
    const { query, handles } = await startBatch([{ workflowId: `a/b ${randomUUID()}` }]);
    const [handle] = handles as [Started];
    const sources = [];
    for await (const source of streamHistories({ address: environment().address, query, out: directory }))
      sources.push(source);
    expect(sources).toEqual([
      {
        file: `temporal://default/${encodeURIComponent(handle.workflowId)}/${handle.firstExecutionRunId}`,
        bytes: expect.any(Uint8Array),
      },
    ]);
    expect(await filesBelow(directory)).toEqual([]);
  });

  it('counts and names a run that is deleted after its id was known', async () => {
    const { handles } = await startBatch([{}, {}]);
    const [deleted, kept] = handles as [Started, Started];
    const { address, client } = environment();
    const execution = { workflowId: deleted.workflowId, runId: deleted.firstExecutionRunId };
    await client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: execution,
    });
    const cluster = await connectCluster({ address });
    try {
      // A download meets this when the run is deleted after it was listed.
      await soon(async () => expect(await downloadHistory(cluster, execution)).toBeNull());
    } finally {
      await cluster.close();
    }
    const result = await fetchCli(['-'], { input: `${deleted.workflowId}\n${kept.workflowId}\n` });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toMatch(/^total +2 +3 +[\d,]+ +1 +0 +0 +1$/m);
    expect(result.stderr).toContain(
      `1 run is gone (deleted, past retention, or a mistyped id):\n  ${deleted.workflowId}\n`,
    );
  });
});

describe('replay fetch, in trouble', () => {
  const ask = async (...args: string[]) => await fetchCli(['--query', '', ...args]);

  it.each([
    ['an unknown namespace', ['--namespace', 'nope'], 'CLUSTER_NAMESPACE', /has no namespace "nope"/],
    [
      'a bad query',
      ['--query', 'Foo = 1'],
      'CLUSTER_QUERY',
      /does not understand the query Foo = 1: invalid search attribute: Foo/,
    ],
    ['a broken query', ['--query', 'WorkflowType = '], 'CLUSTER_QUERY', /malformed SQL query/],
    [
      'a closed port',
      ['--address', '127.0.0.1:1'],
      'CLUSTER_UNREACHABLE',
      /Cannot reach Temporal at 127.0.0.1:1: connection refused/,
    ],
    [
      'an unknown host',
      ['--address', 'no-such-host.invalid:7233'],
      'CLUSTER_UNREACHABLE',
      /the host name is unknown/,
    ],
    ['an invalid address', ['--address', 'http://localhost:7233'], 'CLUSTER_UNREACHABLE', /Invalid address/],
    ['TLS to a plain port', ['--tls'], 'CLUSTER_TLS', /does not speak TLS/],
    ['a missing certificate file', ['--tls-ca-path', 'none.pem'], 'CLUSTER_TLS', /Cannot read none.pem/],
    ['a certificate without its key', ['--tls-cert-path', 'none.pem'], 'CLUSTER_TLS', /no client key/],
  ])('reports %s in one line and exits 3', async (_, args, code, message) => {
    const result = await fetchCli(args.includes('--query') ? args : ['--query', '', ...args]);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toMatch(
      new RegExp(`^replay: .* \\[${code}\\]\\n +\\S.*\\n +More: replay explain ${code}\\n$`),
    );
    expect(result).toMatchObject({ code: 3, stdout: '' });
  });

  it('names a port that expects TLS, and a handshake that fails', async () => {
    // The server has no certificate, so every handshake ends in an alert, which is TLS too.
    const secure = createTlsServer();
    secure.on('tlsClientError', () => undefined);
    await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening));
    try {
      const { port } = secure.address() as AddressInfo;
      const plain = await ask('--address', `127.0.0.1:${port}`);
      expect(plain).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/expects TLS, and TLS is off. \[CLUSTER_TLS\]\n +Add --tls/),
      });
      const encrypted = await ask('--tls', '--address', `127.0.0.1:${port}`);
      expect(encrypted).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/TLS with .* failed: .*alert.* \[CLUSTER_TLS\]/),
      });
    } finally {
      secure.close();
    }
  });

  it('reports a port that takes the connection and never answers', async () => {
    expect(await silentPort.answer).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('did not answer in time'),
    });
  });

  it.each([
    ['--limit', '0'],
    ['--limit-per-type', 'many'],
    ['--concurrency', '1.5'],
    ['--workflow-id', 'x'],
    ['--run-id', 'x'],
    ['--out', 'a', '--out', 'b'],
  ])('refuses %s %s … as wrong usage', async (...args) => {
    expect(await ask(...args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('[USAGE]'),
    });
  });

  it('reports a missing permission with the reason of the cluster', async () => {
    const cluster = await startFakeCluster({
      ListWorkflowExecutions: () => ({ code: 7, details: 'Request unauthorized.' }),
    });
    try {
      const result = await ask('--address', cluster.address);
      expect(result).toMatchObject({ code: 3 });
      expect(result.stderr).toContain(
        `No permission for namespace default at ${cluster.address}: Request unauthorized. [CLUSTER_PERMISSION]`,
      );
    } finally {
      cluster.stop();
    }
  });

  it('retries calls that are throttled or lose their connection, reads all pages, and counts runs that are gone', async () => {
    const runs = [0, 1].map((i) => ({ workflowId: `run-${i}`, runId: randomUUID() }));
    const more = new Uint8Array([1]);
    let historyCall = 0;
    const cluster = await startFakeCluster({
      ListWorkflowExecutions: (call) => (call === 1 ? { code: 14, details: 'lost' } : listing(runs)),
      GetWorkflowExecutionHistory: () => {
        const answers = [
          { code: 8, details: 'throttled' },
          historyPage(1, 3, more),
          { code: 14, details: 'x' },
          historyPage(4, 6),
        ];
        return answers[historyCall++] ?? { code: 5, details: 'workflow execution not found' };
      },
    });
    try {
      const fetched = await fetchAll({ address: cluster.address, query: '', concurrency: 1 });
      expect(fetched).toMatchObject([
        { workflowId: 'run-0', outcome: 'new', events: 6, status: 'COMPLETED' },
        { workflowId: 'run-1', outcome: 'gone', events: 0, file: null },
      ]);
      expect(await filesBelow(directory)).toHaveLength(1);
    } finally {
      cluster.stop();
    }
  });

  it('fails on a cluster that sends half a history, and writes no file', async () => {
    const cluster = await startFakeCluster({
      ListWorkflowExecutions: () => listing([{ workflowId: 'a', runId: randomUUID() }]),
      GetWorkflowExecutionHistory: () => historyPage(2, 4),
    });
    try {
      await expect(fetchAll({ address: cluster.address, query: '' })).rejects.toMatchObject({
        code: 'CLUSTER_HISTORY',
      });
      expect(await filesBelow(directory)).toEqual([]);
    } finally {
      cluster.stop();
    }
  });

  it('reports an output directory that cannot be written to', async () => {
    await startRun('to-write', randomUUID());
    await writeFile(join(directory, 'file'), '');
    const result = await fetchCli(['--workflow-id', 'to-write', '--out', 'file/x']);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('[OUTPUT_FAILED]') });
  });
});

describe('replay fetch, stopped', () => {
  it('leaves only complete files when it is killed, and the next fetch adds the rest', async () => {
    const { query } = await startBatch(Array.from({ length: 150 }, () => ({})));
    const args = ['--query', query, '--concurrency', '4'];
    let killed = 0;
    for (let round = 0; round < 8; round++) {
      const abort = new AbortController();
      const { signal } = await fetchCli(args, {
        // Standard error has a line for each run that is done.
        onStderr: (stderr) => stderr.split('\n').length > 1 + round * 15 && abort.abort(),
        kill: { signal: 'SIGKILL', on: abort.signal },
      });
      if (signal === 'SIGKILL') killed++;
      for (const file of await filesBelow(directory)) {
        if (!file.endsWith('.tmp')) expect(JSON.parse(await readFile(file, 'utf8')).events).toHaveLength(3);
      }
      if (round % 2) await rm(join(directory, 'histories'), { recursive: true, force: true });
    }
    expect(killed).toBeGreaterThan(0);
    expect(await fetchCli(args)).toMatchObject({ code: 0 });
    const files = await filesBelow(directory);
    expect(files).toHaveLength(150);
    for (const file of files) expect(JSON.parse(await readFile(file, 'utf8')).events).toHaveLength(3);
  });

  it('ends on Ctrl-C while it waits between two attempts', async () => {
    const abort = new AbortController();
    const cluster = await startFakeCluster({
      ListWorkflowExecutions: () => listing([{ workflowId: 'a', runId: randomUUID() }]),
      GetWorkflowExecutionHistory: (call) => {
        if (call === 3) abort.abort();
        return { code: 8, details: 'throttled' };
      },
    });
    try {
      const result = await fetchCli(['--query', '', '--address', cluster.address], {
        kill: { signal: 'SIGINT', on: abort.signal },
      });
      expect(result).toMatchObject({ code: 130, signal: null });
    } finally {
      cluster.stop();
    }
  });

  it('rejects the library call with ABORTED when its signal is aborted', async () => {
    const { query } = await startBatch([{}, {}, {}]);
    const abort = new AbortController();
    const fetching = (async () => {
      for await (const _ of fetchHistories({
        address: environment().address,
        query,
        out: directory,
        concurrency: 1,
        signal: abort.signal,
      }))
        abort.abort();
    })();
    await expect(fetching).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(fetchAll({ query, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
