/** The forms in which a worker is given its workflows. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findWorkers } from '../../src/init/find-workers';
import { createModuleReader } from '../../src/source/module-reader';
import { readRepository } from '../../src/init/repository';
import type { FoundCode } from '../../src/init/worker-code';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'replay-find-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function found(files: Record<string, string>): Promise<readonly FoundCode[]> {
  for (const [path, text] of Object.entries({ 'package.json': '{"name":"shop"}', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return findWorkers(await readRepository(root), createModuleReader()).code;
}

const IMPORTS = `
import path, { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'url';
import * as nodeUrl from 'node:url';
import { Worker } from '@temporalio/worker';
`;

describe('workflowsPath', () => {
  it.each([
    "require.resolve('./workflows')",
    "require.resolve('./workflows.js')",
    "require.resolve('../src/workflows')",
    "createRequire(import.meta.url).resolve('./workflows')",
    "fileURLToPath(new URL('./workflows.js', import.meta.url))",
    "nodeUrl.fileURLToPath(import.meta.resolve('./workflows.js'))",
    "new URL('./workflows.ts', import.meta.url).pathname",
    'fileURLToPath(new URL(`./workflows${path.extname(import.meta.url)}`, import.meta.url))',
    "path.join(__dirname, 'workflows')",
    "join(import.meta.dirname, './workflows.ts')",
    "path.resolve(path.dirname(fileURLToPath(import.meta.url)), './workflows')",
    '`${__dirname}/workflows`',
    "__dirname + '/workflows'",
    "path.resolve('src/workflows.ts')",
    "path.join(process.cwd(), 'src', 'workflows')",
    "'./src/workflows'",
    "'./workflows'",
    "require.resolve('../dist/workflows')",
    "require.resolve('../lib/workflows.js')",
    "process.env.WORKFLOWS ?? require.resolve('./workflows')",
    "(process.env.PROD ? require.resolve('./gone') : require.resolve('./workflows')) as string",
  ])('is read in the form %s', async (expression) => {
    const [worker] = await found({
      'src/worker.ts': `${IMPORTS}\nvoid Worker.create({ taskQueue: 'q', workflowsPath: ${expression} });`,
      'src/workflows.ts': '',
    });

    expect(worker).toMatchObject({ workflowsPath: 'src/workflows.ts', taskQueue: 'q', todos: [] });
  });

  it('is read from a constant of its own function, not of another', async () => {
    const code = await found({
      'src/worker.ts': `${IMPORTS}
        async function orders() {
          const workflowsPath = require.resolve('./orders');
          return Worker.create({ taskQueue: 'orders', workflowsPath });
        }
        async function billing() {
          const workflowsPath = require.resolve('./billing');
          return Worker.create({ taskQueue: 'billing', workflowsPath });
        }`,
      'src/orders.ts': '',
      'src/billing.ts': '',
    });

    expect(code.map(({ taskQueue, workflowsPath }) => [taskQueue, workflowsPath])).toEqual([
      ['orders', 'src/orders.ts'],
      ['billing', 'src/billing.ts'],
    ]);
  });

  it('is followed through objects, spreads, functions and other modules', async () => {
    const [worker] = await found({
      'src/worker.ts': `${IMPORTS}
        import { settings } from './settings';
        const base = () => ({ ...settings.worker });
        void Worker.create({ ...base(), activities: {} });`,
      'src/settings.ts': `
        enum Queue { Orders = 'orders' }
        export const settings = Object.freeze({ worker: { taskQueue: Queue.Orders, workflowsPath: require.resolve('./workflows') } });`,
      'src/workflows/index.js': '',
    });

    expect(worker).toMatchObject({ taskQueue: 'orders', workflowsPath: 'src/workflows/index.js' });
  });

  it.each([
    ['process.env.WORKFLOWS!', 'the environment variable WORKFLOWS'],
    ["require.resolve('./nowhere')", 'there is no source file for src/nowhere'],
    ['await lookup()', 'the call of lookup'],
    ['require.resolve(options.path)', 'options.path'],
  ])('becomes a todo with its line if only a run can tell it (%s)', async (expression, reason) => {
    const [worker] = await found({
      'src/worker.ts': `import { Worker } from '@temporalio/worker';\n\nvoid Worker.create({\n  workflowsPath: ${expression},\n});`,
    });

    expect(worker!.workflowsPath).toBeNull();
    expect(worker!.todos).toEqual([
      {
        place: { file: 'src/worker.ts', line: 4 },
        option: 'workflowsPath',
        what: expect.stringContaining(reason),
      },
    ]);
  });
});

it('findWorkers finds a file in a folder with a space by its URL', async () => {
  const [worker] = await found({
    'my service/worker.ts': `${IMPORTS}\nvoid Worker.create({ workflowsPath: new URL('./workflows.ts', import.meta.url).href });`,
    'my service/workflows.ts': '',
  });

  expect(worker!.workflowsPath).toBe('my service/workflows.ts');
});

describe('the call of a worker', () => {
  it.each([
    ["import { Worker } from '@temporalio/worker';", 'Worker.create'],
    ["import { Worker as W } from '@temporalio/worker';", 'W.create'],
    ["import * as temporal from '@temporalio/worker';", 'temporal.Worker.create'],
    ["import temporal from '@temporalio/worker';", 'temporal.Worker.create'],
    ["const { Worker } = require('@temporalio/worker');", 'Worker.create'],
    ["const { Worker: W } = require('@temporalio/worker') as any;", 'W.create'],
    ["const temporal = require('@temporalio/worker');", 'temporal.Worker.create'],
    ["const temporal = await import('@temporalio/worker');", 'temporal.Worker.create'],
    ["const temporal = require('@temporalio/worker'); const { Worker } = temporal;", 'Worker.create'],
    ["import { bundleWorkflowCode as bundle } from '@temporalio/worker';", 'bundle'],
  ])('is found after %s', async (imports, call) => {
    const code = await found({
      'src/worker.ts': `${imports}\nvoid ${call}({ workflowsPath: require.resolve('./workflows') });`,
      'src/workflows.ts': '',
    });

    expect(code.map(({ workflowsPath }) => workflowsPath)).toEqual(['src/workflows.ts']);
  });

  it.each([
    ['a Worker of something else', "import { Worker } from 'bullmq';"],
    [
      'a test with its own server',
      "import { Worker } from '@temporalio/worker';\nimport '@temporalio/testing';",
    ],
  ])('is not %s', async (_, imports) => {
    const code = await found({
      'src/worker.ts': `${imports}\nvoid Worker.create({ workflow: require.resolve('./workflows') });`,
      'src/workflows.ts': '',
    });

    expect(code).toEqual([]);
  });

  it('is found in a file that does not parse to the end', async () => {
    const code = await found({
      'src/worker.ts': `${IMPORTS}\nvoid Worker.create({ workflowsPath: require.resolve('./workflows') });\nconst a = 1; const a = 2;`,
      'src/workflows.ts': '',
    });

    expect(code).toHaveLength(1);
  });

  it('is replaced by options with workflowsPath that are given to a framework', async () => {
    const code = await found({
      'src/app.module.ts': `
        import { TemporalModule } from 'nestjs-temporal';
        @Module({ imports: [TemporalModule.registerWorker({ workerOptions: { taskQueue: 'nest', workflowsPath: require.resolve('./workflows') } })] })
        export class AppModule {}`,
      'src/workflows.ts': '',
      'src/replay.js': "Worker.runReplayHistory({ workflowsPath: require.resolve('./workflows') }, history);",
    });

    expect(code).toMatchObject([{ call: 'options', taskQueue: 'nest', workflowsPath: 'src/workflows.ts' }]);
  });
});

it('findWorkers returns no namespace that depends on the environment', async () => {
  const [worker] = await found({
    'src/worker.ts': `${IMPORTS}\nvoid Worker.create({ namespace: process.env.NAMESPACE ?? 'dev', workflowsPath: __filename });`,
  });

  expect(worker).toMatchObject({ namespace: null, workflowsPath: 'src/worker.ts' });
});
