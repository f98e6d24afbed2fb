import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import Ajv from 'ajv';
import { encodeHistory } from '../../../src/history/encode';
import type { PatchReport, PatchRow } from '../../../src/model/patches';
import { useDevServer } from '../../helpers/dev-server';
import { type CliResult, replayInHost, scratchDirectory } from '../../helpers/replay-cli';
import { writeFiles } from '../../helpers/write-files';
import { SILENT, until } from '../deployed-service';

/** The life of one patch, `fee`: the code before it, with it, with it deprecated, and without it. */
const order = (names: string, fee: string): string => `import { ${names} } from '@temporalio/workflow';
import { helper } from './helper';
export async function order(): Promise<void> {
  let isPaid = false;
  setHandler(defineSignal('pay'), () => void (isPaid = true));
  ${fee}
  await condition(() => isPaid);
  await helper();
}
export async function reminder(): Promise<void> {
  await sleep('30 days');
}
`;
const SDK = 'condition, defineSignal, setHandler, sleep';
const FILES = {
  'helper.ts': `export const helper = async (): Promise<void> => undefined;\n`,
  'before.ts': order(SDK, 'await sleep(1);'),
  'patched.ts': order(`${SDK}, patched`, `if (patched('fee')) await sleep(2);\n  else await sleep(1);`),
  'deprecated.ts': order(`${SDK}, deprecatePatch`, `deprecatePatch('fee');\n  await sleep(2);`),
  'removed.ts': order(SDK, 'await sleep(2);'),
};
const schema = JSON.parse(
  readFileSync(join(__dirname, '../../../schemas/patches.schema.json'), 'utf8'),
) as object;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
type Code = Exclude<keyof typeof FILES, 'helper.ts'>;

const QUEUE = 'patches';
let directory: string;
let worker: { stop(): Promise<void> } | null = null;
// Registered before the server's own, since the worker holds its connection.
afterAll(() => worker?.stop());
const env = useDevServer();

async function deploy(file: Code): Promise<void> {
  await worker?.stop();
  const created = await Worker.create({
    connection: env().nativeConnection,
    taskQueue: QUEUE,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: join(directory, file), logger: SILENT }),
  });
  const running = created.run();
  worker = {
    async stop() {
      created.shutdown();
      await running;
    },
  };
}

const start = async (workflowId: string, type = 'order'): Promise<void> => {
  await env().client.workflow.start(type, { taskQueue: QUEUE, workflowId, args: [] });
  const isWaiting = async (): Promise<boolean> =>
    (await env().client.workflow.getHandle(workflowId).fetchHistory()).events!.length >=
    (type === 'order' ? 8 : 5);
  await until(isWaiting);
};

const finish = async (...ids: string[]): Promise<void> => {
  for (const id of ids) {
    const handle = env().client.workflow.getHandle(id);
    await handle.signal('pay');
    await handle.result();
  }
};

/** Puts the history of a run into the corpus, or its first events. */
const keep = async (workflowId: string, file: string, events?: number): Promise<void> => {
  const history = await env().client.workflow.getHandle(workflowId).fetchHistory();
  history.events!.length = events ?? history.events!.length;
  const folder = join(directory, 'histories');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), encodeHistory(history));
};

/** Takes runs away, as the end of their retention does. */
const forget = async (...ids: string[]): Promise<void> => {
  for (const workflowId of ids)
    await env().client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
    });
  for (const id of ids)
    await until(async () => {
      const described = env().client.workflow.getHandle(id).describe();
      return described.then(
        () => false,
        (err: unknown) => err instanceof WorkflowNotFoundError,
      );
    });
};

const patches = (file: Code, ...args: string[]): Promise<CliResult> =>
  replayInHost(
    ['patches', '--address', env().address, '--workflows-path', file, '--concurrency', '1', ...args],
    {
      cwd: directory,
    },
  );

const advance = (file: Code | 'moving.ts', ...args: string[]): Promise<CliResult> =>
  replayInHost(
    [
      'patches',
      'advance',
      ...args,
      '--address',
      env().address,
      '--workflows-path',
      file,
      '--concurrency',
      '1',
    ],
    { cwd: directory },
  );

/** The code that `replay patches advance` changes. */
const movingCode = (): string => readFileSync(join(directory, 'moving.ts'), 'utf8');

async function reportFor(file: Code): Promise<PatchReport> {
  const report = JSON.parse((await patches(file, '--json')).stdout) as PatchReport;
  expect([validate(report), validate.errors]).toEqual([true, null]);
  return report;
}

/** Returns the row of the patch, which lags behind as the cluster's list and its deletion of runs do. */
async function rowOf(file: Code, stage: PatchRow['stage']): Promise<PatchRow> {
  let row: PatchRow | undefined;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    row = (await reportFor(file)).patches[0];
    if (row?.stage === stage) return row;
  }
  throw new Error(`The patch is ${row?.stage}, not ${stage}.`);
}

beforeAll(async () => {
  directory = scratchDirectory();
  writeFiles(directory, FILES);
  await deploy('before.ts');
  await start('old-open');
  await start('old-closed');
  await finish('old-closed');
  await start('reminder', 'reminder');
  await keep('old-closed', 'old.json');
}, 120_000);

describe('replay patches, through the life of a patch', () => {
  it('is new while no run shows that it is deployed', async () => {
    const row = await rowOf('patched.ts', 'new');

    expect(row).toMatchObject({
      workflowTypes: ['order'],
      heldBackBy: { open: 1, closed: 1 },
      next: 'deploy it',
    });
  });

  it('is kept off by a patchActivationCallback, by the histories alone', async () => {
    await keep('old-open', 'started.json', 3);
    writeFiles(directory, {
      'worker.ts': `export const workerOptions = { workflowsPath: require.resolve('./patched.ts'), patchActivationCallback: () => false };\n`,
    });
    const { stdout } = await replayInHost(['patches', '--worker', 'worker.ts', '--corpus-only', '--json'], {
      cwd: directory,
    });
    rmSync(join(directory, 'histories/started.json'));

    const { cluster, patches: rows } = JSON.parse(stdout) as PatchReport;
    expect(cluster).toBeNull();
    expect(rows).toMatchObject([
      {
        stage: 'new',
        corpus: { old: 2 },
        next: 'ask the cluster',
        wrongUses: [{ kind: 'switched off', place: { file: 'patched.ts', line: 6 } }],
      },
    ]);
  });

  it('is live while an open run needs the old branch', async () => {
    await deploy('patched.ts');
    await start('live-open');
    await start('live-closed');
    await finish('live-closed');
    await keep('live-closed', 'live.json');

    const row = await rowOf('patched.ts', 'live');

    expect(row).toMatchObject({
      calls: [{ file: 'patched.ts', line: 6, call: 'patched', workflowTypes: ['order'] }],
      open: { old: 1, live: 1, unknown: 0 },
      closed: { old: 1, live: 1 },
      movesOnAt: null,
      next: 'keep it: 1 open and 1 closed runs need the old branch',
    });
  });

  it('does not move on while a run needs the code as it is', async () => {
    const { code, stderr } = await advance('patched.ts', 'fee', '--yes');

    expect(stderr).toBe(
      'fee stays as it is. The patch is live: keep it: 1 open and 1 closed runs need the old branch.\n',
    );
    expect(code).toBe(1);
    expect(readFileSync(join(directory, 'patched.ts'), 'utf8')).toBe(FILES['patched.ts']);
  });

  it('waits for the retention of closed runs of the old branch, and then can be deprecated', async () => {
    await finish('old-open');
    const waiting = await rowOf('patched.ts', 'old runs closed');
    const description = await env().client.workflow.getHandle('old-open').describe();
    await forget('old-open', 'old-closed');
    const done = await rowOf('patched.ts', 'deprecatable');

    const end = description.closeTime!.getTime() + 24 * 60 * 60 * 1000;
    expect(Date.parse(waiting.movesOnAt!)).toBe(end);
    expect(waiting.next).toBe(`wait until ${new Date(end).toISOString().slice(0, 10)}`);
    expect(done).toMatchObject({ heldBackBy: { open: 0, closed: 0 }, next: 'replay patches advance fee' });
    expect((await patches('patched.ts', '--fail-on-removable')).code).toBe(1);
  });

  it('loses its old branch in the code, with the histories that took it', async () => {
    writeFiles(directory, { 'moving.ts': FILES['patched.ts'] });
    const refused = await advance('moving.ts', 'fee', '--yes');
    const looked = await advance('moving.ts', 'fee', '--check');
    const untouched = movingCode();
    const done = await advance('moving.ts', '--all', '--yes', '--remove-histories');

    expect([refused.code, refused.stderr]).toEqual([
      1,
      'fee stays as it is. 1 history of the corpus would break, since the patch has nothing left for it: histories/old.json. Delete them, or give --remove-histories.\n',
    ]);
    expect([looked.code, untouched]).toEqual([0, FILES['patched.ts']]);
    expect(looked.stdout).toContain("\n+  deprecatePatch('fee');\n");
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(movingCode()).toBe(FILES['deprecated.ts']);
    expect(readdirSync(join(directory, 'histories'))).toEqual(['live.json']);
  });

  it('needs deprecatePatch() while runs have its marker, and shows where that was removed too early', async () => {
    await deploy('deprecated.ts');
    await start('deprecated-open');

    const row = await rowOf('deprecated.ts', 'deprecated');
    const gone = await rowOf('removed.ts', 'gone but needed');

    expect(row).toMatchObject({ open: { live: 1, deprecated: 1 }, closed: { live: 1 } });
    expect(gone).toMatchObject({ calls: [], heldBackBy: { open: 1, closed: 1 } });
    expect(gone.next).toBe("put deprecatePatch('fee') back: 1 open and 1 closed runs need it");
  });

  it('can be removed once no run has the marker of patched()', async () => {
    await finish('live-open');
    await forget('live-open', 'live-closed');

    const row = await rowOf('deprecated.ts', 'removable');

    expect(row).toMatchObject({ next: 'replay patches advance fee', movesOnAt: null });
    expect((await reportFor('removed.ts')).patches).toMatchObject([
      { histories: ['histories/live.json'], next: 'delete its histories: no run needs it any more' },
    ]);
  });

  it('loses its call in the code', async () => {
    const { code, stdout } = await advance('moving.ts', 'fee', '--yes', '--remove-histories');

    expect(stdout).toContain('Deleted with it: histories/live.json');
    expect([code, movingCode()]).toEqual([0, FILES['removed.ts']]);
    expect((await reportFor('removed.ts')).patches).toEqual([]);
  });
});
