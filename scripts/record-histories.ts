/** Records histories/ anew by running the versions of the example service on a real dev server: `npm run record` */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { openDatabase } from '../examples/order-service/src/database';
import { fetchHistories } from '../src/fetch/fetch-histories';
import type { FetchedRun } from '../src/options/types';
import { startDevServer } from '../src/server/start';
import { ORDER_CASES } from './recording/cases-orders';
import { OTHER_CASES } from './recording/cases-others';
import { CASES_ACROSS, CASES_V1 } from './recording/cases-v1';
import { CLIENT_IDENTITY, Recorder, type RecordingCase } from './recording/recorder';

const ROOT = resolve(__dirname, '..');
const OUT = join(ROOT, 'histories');
const V1 = join(ROOT, 'examples/order-service/versions/v1/workflows');
const CASES: RecordingCase[] = [...CASES_ACROSS, ...ORDER_CASES, ...OTHER_CASES];

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startDevServer({
    searchAttributes: { OrderStatus: 'Keyword', CustomerId: 'Keyword' },
    client: { identity: CLIENT_IDENTITY },
    // The server would log what is intended here: workers that stop, tasks that fail.
    logLevel: 'never',
  });
  const db = openDatabase();
  const aside = await mkdtemp(join(tmpdir(), 'record-histories-'));
  try {
    const recorder = new Recorder(env, db);
    await recorder.withWorker({ workflowsPath: V1 }, async () => {
      await recordAll(CASES_V1, recorder);
      await Promise.all(CASES_ACROSS.map((each) => each.start(recorder, each.workflowId)));
    });
    await recorder.withWorker({}, async () => {
      await recordAll(CASES, recorder);
      // The histories are fetched while the worker still runs, so that open runs stay as they are.
      const runs = await fetchAll(env.address, recorder.client.options.namespace, aside);
      await Promise.all(runs.map(takeOutOwnPath));
      await writeFile(join(aside, 'README.md'), readme(runs));
      console.error(`${runs.length} histories of ${new Set(runs.map((run) => run.workflowType)).size} types`);
    });
    await rm(OUT, { recursive: true, force: true });
    await cp(aside, OUT, { recursive: true });
  } finally {
    await rm(aside, { recursive: true, force: true });
    await env.teardown();
    db.close();
  }
}

async function recordAll(cases: readonly RecordingCase[], recorder: Recorder): Promise<void> {
  // The cases run at once, since most of them only wait.
  const outcomes = await Promise.allSettled(
    cases.map(async (each) => {
      await each.record(recorder, each.workflowId);
      console.error(`recorded ${each.workflowId}`);
    }),
  );
  const errors = outcomes.flatMap((outcome, n) =>
    outcome.status === 'rejected'
      ? [new Error(`${cases[n]!.workflowId} failed`, { cause: outcome.reason })]
      : [],
  );
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} cases could not be recorded`);
}

async function fetchAll(address: string, namespace: string, out: string): Promise<FetchedRun[]> {
  // A run becomes visible to a query a moment after its start.
  await new Promise((done) => setTimeout(done, 2_000));
  const runs: FetchedRun[] = [];
  for await (const run of fetchHistories({ address, namespace, query: 'ExecutionStatus IS NOT NULL', out })) {
    runs.push(run);
  }
  return runs.sort((a, b) => compare(a.workflowType, b.workflowType) || compare(a.workflowId, b.workflowId));
}

/** Makes the paths in the stacks of failures relative to the repository, wherever it was checked out. */
async function takeOutOwnPath({ file }: FetchedRun): Promise<void> {
  const text = await readFile(file!, 'utf8');
  await writeFile(file!, text.replaceAll(`${ROOT}/`, ''));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function readme(runs: FetchedRun[]): string {
  const cases: RecordingCase[] = [...CASES_V1, ...CASES];
  const covers = ({ workflowId }: FetchedRun): string => {
    const exact = cases.find((each) => each.workflowId === workflowId);
    if (exact) return exact.covers;
    const origin = cases.find((each) => workflowId.startsWith(`${each.workflowId}-`));
    return origin ? `comes with \`${origin.workflowId}\`` : 'comes with another one';
  };
  const rows = runs.map(
    (run) =>
      `| ${run.workflowType} | \`${run.workflowId}\` | ${run.status} | ${run.events} | ${covers(run)} |`,
  );
  return `# Recorded histories

Each one really ran: version 1 and the current version of \`examples/order-service\` on a Temporal dev server. The current
code replays all of them. \`npm run record\` records them anew and writes this list.

| type | workflow id | status | events | shows |
| --- | --- | --- | --: | --- |
${rows.join('\n')}
`;
}

main().catch((err: unknown) => {
  console.error(err);
  process.exitCode = 1;
});
