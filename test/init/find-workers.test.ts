/** The forms in which a worker is given its workflows. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findWorkers } from '../../src/init/find-workers';
import { createModuleReader } from '../../src/source/module-reader';
import { projectsOf } from '../../src/init/projects';
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

describe('the module of `worker`', () => {
  const FILES = {
    'src/workflows.ts': '',
    'src/worker.ts':
      "import { Worker } from '@temporalio/worker'; import { run } from './run'; run(() => Worker);",
  };
  const OPTIONS = "{ taskQueue: 'q', workflowsPath: require.resolve('./workflows') }";

  it.each([
    [
      'a constant',
      `export const workerOptions = ${OPTIONS};`,
      "import { workerOptions } from './options';",
      'workerOptions',
    ],
    ['a default export', `export default ${OPTIONS};`, "import options from './options';", 'options'],
    [
      'a promise',
      `export default load(); async function load() { return ${OPTIONS}; }`,
      "import options from './options';",
      'await options',
    ],
    [
      'a function',
      `export function workerOptions() { return ${OPTIONS}; }`,
      "import { workerOptions } from './options';",
      'workerOptions()',
    ],
    [
      'an async arrow function',
      `export const workerOptions = async () => (${OPTIONS});`,
      "import * as worker from './options';",
      'await worker.workerOptions()',
    ],
    [
      'a CommonJS module',
      `module.exports = { workerOptions: ${OPTIONS} };`,
      "const { workerOptions } = require('./options');",
      'workerOptions',
    ],
    [
      'a part of the options',
      `export const workerOptions = ${OPTIONS};`,
      "import { workerOptions } from './options';",
      '{ ...workerOptions, connection, activities }',
    ],
    [
      'a name of its own',
      `export const workerOptions = ${OPTIONS};`,
      "import { workerOptions as options } from './options'; const all = { ...options, connection };",
      'all',
    ],
  ])('is one that exports the options as %s', async (_, module, imports, argument) => {
    const [worker] = await found({
      ...FILES,
      'src/options.ts': module,
      'src/worker.ts': `import { Worker } from '@temporalio/worker';\n${imports}\nvoid Worker.create(${argument});`,
    });

    expect(worker).toMatchObject({
      worker: 'src/options.ts',
      workflowsPath: null,
      codePath: 'src/workflows.ts',
      taskQueue: 'q',
      todos: [],
    });
  });

  it('leaves to options of their own what the worker is given beside it', async () => {
    const [worker] = await found({
      ...FILES,
      'src/options.ts':
        "export const workerOptions = { taskQueue: 'q', sinks, plugins: [new Tracing()], reuseV8Context: false };",
      'src/worker.ts': `${IMPORTS}
        import { workerOptions } from './options';
        void Worker.create({ ...workerOptions, workflowsPath: require.resolve('./workflows'), namespace: 'prod', patchActivationCallback: () => true });`,
    });

    expect(worker).toMatchObject({
      worker: 'src/options.ts',
      workflowsPath: 'src/workflows.ts',
      namespace: 'prod',
      reuseV8Context: null,
      todos: [{ option: 'worker', what: expect.stringContaining('patchActivationCallback') }],
    });
  });

  it.each([
    ['a path that the working directory decides', "'./src/workflows'", 'packages/shop'],
    ['a path of compiled code', "join(__dirname, '../dist/workflows')", '.'],
    [
      'a bundle in production',
      "process.env.PROD ? undefined : require.resolve('./workflows'), workflowBundle: { codePath: './bundle.js' }",
      '.',
    ],
  ])('gets the workflow code beside it if the module has %s', async (_, workflowsPath, dir) => {
    const [worker] = await found({
      [`${dir}/package.json`]: '{"name":"shop"}',
      [`${dir}/src/workflows.ts`]: '',
      [`${dir}/src/options.ts`]: `${IMPORTS}\nexport const workerOptions = { workflowsPath: ${workflowsPath} };`,
      [`${dir}/src/worker.ts`]: `${IMPORTS}\nimport { workerOptions } from './options';\nvoid Worker.create(workerOptions);`,
    });

    expect(worker).toMatchObject({
      worker: join(dir, 'src/options.ts'),
      workflowsPath: join(dir, 'src/workflows.ts'),
    });
  });

  it.each([
    ['runs the worker as a statement', 'void main();'],
    ['runs the worker and catches its errors', 'main().catch(console.error);'],
    ['runs the worker unless it is tested', "if (process.env.NODE_ENV !== 'test') main();"],
    ['runs the worker for a constant', 'const running = main();'],
    ['runs the worker in a function of its own', '(async () => { await main(); })();'],
    ['creates the worker for an export', `export const worker = Worker.create(workerOptions);`],
    ['runs the worker in a constructor', 'new (class Service { constructor() { main(); } })();'],
    ['imports a module that runs the worker', "import './start';"],
    ['re-exports a module that runs the worker', "export * from './start';"],
    ['starts a server', "import { serve } from '@hono/node-server';\nserve(app);"],
  ])('is none that %s', async (_, code) => {
    const [worker] = await found({
      ...FILES,
      'src/start.ts': "import { main } from './worker';\nvoid main();",
      'src/worker.ts': `${IMPORTS}
        export const workerOptions = ${OPTIONS};
        export async function main() { const worker = await Worker.create(workerOptions); await worker.run(); }
        ${code}`,
    });

    expect(worker).toMatchObject({ worker: null, workflowsPath: 'src/workflows.ts' });
  });

  it.each([
    ['does so only as the main module', 'if (require.main === module) void main();'],
    ['leaves it to others', ''],
  ])('may create a worker if it %s', async (_, code) => {
    const [worker] = await found({
      ...FILES,
      'src/worker.ts': `${IMPORTS}
        export const workerOptions = ${OPTIONS};
        export async function main() { await Worker.create(workerOptions); }
        ${code}`,
    });

    expect(worker).toMatchObject({ worker: 'src/worker.ts' });
  });

  it('is to be exported by another name where it has options that count with it alone', async () => {
    const [worker] = await found({
      ...FILES,
      'src/options.ts': `export const getOptions = () => ({ ...${OPTIONS}, plugins: [new Tracing()] });`,
      'src/worker.ts': `${IMPORTS}\nimport { getOptions } from './options';\nvoid Worker.create(getOptions());`,
    });

    expect(worker!.worker).toBeNull();
    expect(worker!.todos.map(({ what }) => what)).toEqual([
      expect.stringContaining('plugins'),
      expect.stringContaining('export getOptions of src/options.ts as `workerOptions` too'),
    ]);
  });
});

describe('an option of the worker', () => {
  const workerWith = async (options: string): Promise<FoundCode> => {
    const [worker] = await found({
      'src/plugins.ts': '',
      'src/workflows.ts': '',
      'src/worker.ts': `${IMPORTS}
import { plugins } from './plugins';
void Worker.create({ taskQueue: 'q', workflowsPath: require.resolve('./workflows'), ${options} });`,
    });
    return worker!;
  };

  it.each([
    ['reuseV8Context: false', { reuseV8Context: false }],
    [
      "workflowFailureErrorTypes: { '*': ['NondeterminismError'], order: ['OutOfStock'] }",
      { workflowFailureErrorTypes: { '*': ['NondeterminismError'], order: ['OutOfStock'] } },
    ],
    ['plugins', { plugins: 'src/plugins.ts' }],
    ['dataConverter: { payloadCodecs: [] }', { dataConverter: null }],
  ])('is taken over: %s', async (options, expected) => {
    expect(await workerWith(options)).toMatchObject({ ...expected, todos: [] });
  });

  it.each([
    ['plugins: [new Tracing()]', 'worker', 'plugins'],
    ['sinks: { log }', 'worker', 'sinks'],
    ['patchActivationCallback: decide', 'worker', 'patchActivationCallback'],
    ['optionOfTomorrow: true', 'worker', 'optionOfTomorrow'],
    ['...defaults()', 'worker', 'the call of defaults'],
    ["reuseV8Context: process.env.REUSE === '1'", 'reuseV8Context', 'reuseV8Context'],
    ['workflowFailureErrorTypes: types()', 'workflowFailureErrorTypes', 'workflowFailureErrorTypes'],
    ['dataConverter: { externalStorage: new ExternalStorage() }', 'dataConverter', 'externalStorage'],
  ])('is named if it cannot be taken over: %s', async (options, option, name) => {
    const { todos } = await workerWith(options);

    expect(todos).toEqual([
      { place: { file: 'src/worker.ts', line: 9 }, option, what: expect.stringContaining(name) },
    ]);
  });

  it('is passed over if it belongs to a framework that gets the options', async () => {
    const [worker] = await found({
      'src/workflows.ts': '',
      'src/app.ts': `${IMPORTS}
TemporalModule.register({ worker: { workflowsPath: require.resolve('./workflows'), activityClasses: [A], autoStart: true, patchActivationCallback: decide } });`,
    });

    expect(worker!.todos.map(({ what }) => what)).toEqual([
      expect.stringContaining('patchActivationCallback'),
    ]);
  });

  it('is passed over if only a live worker uses it', async () => {
    const { todos } = await workerWith(
      'connection, activities, maxConcurrentActivityTaskExecutions: 3, isolateExecutionTimeout: 9, ...(isLocal ? { identity } : undefined)',
    );

    expect(todos).toEqual([]);
  });
});

it('findWorkers returns no namespace that depends on the environment', async () => {
  const [worker] = await found({
    'src/worker.ts': `${IMPORTS}\nvoid Worker.create({ namespace: process.env.NAMESPACE ?? 'dev', workflowsPath: __filename });`,
  });

  expect(worker).toMatchObject({ namespace: null, workflowsPath: 'src/worker.ts' });
});

describe('the deployment version of a worker', () => {
  const versionOf = async (options: string): Promise<string | null> => {
    const [worker] = await found({
      'src/worker.ts': `${IMPORTS}
const deploymentName = 'shop';
void Worker.create({ workflowsPath: __filename, ${options} });`,
    });
    return worker!.deploymentVersion;
  };

  it.each([
    ["workerDeploymentOptions: { version: { deploymentName, buildId: '1.0' } }", 'shop.1.0'],
    ["workerDeploymentOptions: { version: 'shop.1.0' }", 'shop.1.0'],
    ["buildId: '1.0'", '1.0'],
    ['workerDeploymentOptions: { version: { deploymentName, buildId: process.env.BUILD } }', null],
    ["workerDeploymentOptions: { version: { deploymentName, buildId: process.env.BUILD ?? 'dev' } }", null],
  ])('is read from %s', async (options, expected) => {
    expect(await versionOf(options)).toBe(expected);
  });

  it('stands in the config only where two workers poll one task queue', async () => {
    const worker = (taskQueue: string, file: string, buildId: string): string => `
void Worker.create({ taskQueue: '${taskQueue}', workflowsPath: require.resolve('./${file}'), buildId: '${buildId}' });`;
    const code = await found({
      ...{ 'src/old.ts': '', 'src/new.ts': '', 'src/other.ts': '' },
      'src/worker.ts': `${IMPORTS}${worker('orders', 'old', '1')}${worker('orders', 'new', '2')}${worker('mail', 'other', '3')}`,
    });

    const projects = projectsOf({ code, activitiesOnly: [] }, [], await readRepository(root));

    expect(projects.map(({ codePath, deploymentVersion }) => [codePath, deploymentVersion])).toEqual([
      ['src/old.ts', '1'],
      ['src/new.ts', '2'],
      ['src/other.ts', null],
    ]);
  });
});

describe('plugins and codecs that the call of a worker makes', () => {
  const workerWith = async (body: string, module = ''): Promise<FoundCode> => {
    const [worker] = await found({
      'src/workflows.ts': '',
      'src/keys.ts': 'export const key = process.env.KEY; export default () => key;',
      'src/start.ts': `${IMPORTS}\nvoid Worker.create({}); export const key = 1;`,
      'src/worker.ts': `${IMPORTS}
import { Tracing } from '@acme/tracing';
import { key as secret } from './keys';
import { key as started } from './start';
${module}
async function run(name: string) {
  ${body}
}
void run('orders');`,
    });
    return worker!;
  };

  it('are copied with the imports and declarations that they need', async () => {
    const worker = await workerWith(
      `const options: Options = { secret, list: [1].map((n) => n) };
  await Worker.create({ workflowsPath: require.resolve('./workflows'), plugins: [new Tracing(options), local()] });`,
      `import type { Options } from '@acme/tracing';
function local() { return new Tracing({ url: new URL(process.env.URL!) }); }`,
    );

    expect(worker).toMatchObject({
      plugins: null,
      todos: [],
      pluginsCode: {
        from: 'src/worker.ts',
        statements: [
          'const options: Options = { secret, list: [1].map((n) => n) };',
          'function local() { return new Tracing({ url: new URL(process.env.URL!) }); }',
        ],
        expression: '[new Tracing(options), local()]',
      },
    });
    expect(worker.pluginsCode!.imports).toEqual(
      expect.arrayContaining([
        { local: 'Tracing', name: 'Tracing', module: '@acme/tracing', isFile: false },
        { local: 'secret', name: 'key', module: 'src/keys.ts', isFile: true },
      ]),
    );
  });

  it('are copied as a data converter, also beside those of a module', async () => {
    const { converterCode, todos } = await workerWith(
      'await Worker.create({ workflowsPath: __filename, dataConverter: { ...Tracing.base, payloadCodecs: [new Tracing(secret)] } });',
    );

    expect(todos).toEqual([]);
    expect(converterCode).toMatchObject({
      expression: '{ ...Tracing.base, payloadCodecs: [new Tracing(secret)] }',
      statements: [],
    });
  });

  it.each([
    ['a parameter', 'new Tracing(name)', ''],
    ['an awaited value', 'await Tracing.connect()', ''],
    ['a variable that is assigned later', 'new Tracing(count)', 'let count = 1; count = 2;'],
    ['a name that is declared nowhere', 'new Metrics()', ''],
    ['the path of the file', 'new Tracing(__filename)', ''],
    ['an enum of the file', 'new Tracing(Level.All)', 'enum Level { All }'],
    ['a module that starts a worker', 'new Tracing(started)', ''],
  ])('stay in place if they depend on %s', async (_, plugin, module) => {
    const { pluginsCode, todos } = await workerWith(
      `await Worker.create({ workflowsPath: __filename, plugins: [${plugin}] });`,
      module,
    );

    expect(pluginsCode).toBeNull();
    expect(todos).toMatchObject([{ option: 'worker', what: expect.stringContaining('made in place') }]);
  });
});

describe('sinks and hooks that the call of a worker makes', () => {
  const workerWith = async (options: string, module = ''): Promise<FoundCode> => {
    const [worker] = await found({
      'src/workflows.ts': '',
      'src/worker.ts': `${IMPORTS}
${module}
export const create = (name: string) => Worker.create({ workflowsPath: require.resolve('./workflows'), ${options} });`,
    });
    return worker!;
  };

  it('are copied, as is a method', async () => {
    const { movedCode, todos } = await workerWith(
      `sinks: { audit: { record: { fn: console.log, callDuringReplay: true } } },
       bundlerOptions: { webpackConfigHook(config: object) { return { ...config, context: __dirname }; } }`,
    );

    expect(todos).toEqual([]);
    expect(movedCode).toMatchObject({
      sinks: { expression: '{ audit: { record: { fn: console.log, callDuringReplay: true } } }' },
      webpackConfigHook: {
        usesDirectory: true,
        expression: 'function (config: object) { return { ...config, context: __dirname }; }',
      },
    });
  });

  it('do without the types that their module declares', async () => {
    const { movedCode } = await workerWith(
      'bundlerOptions: { webpackConfigHook: (config: Config) => ({ ...config, alias } as Config) }',
      'type Config = object;\nconst alias: Record<string, Config> = {};',
    );

    expect(movedCode.webpackConfigHook).toMatchObject({
      statements: ['const alias = {};'],
      expression: '(config) => ({ ...config, alias })',
    });
  });

  it('have the directory that an ES module makes for itself', async () => {
    const { movedCode } = await workerWith(
      'bundlerOptions: { webpackConfigHook: (config) => ({ ...config, context: __dirname }) }',
      'const __dirname = path.dirname(fileURLToPath(import.meta.url));',
    );

    expect(movedCode.webpackConfigHook).toMatchObject({ usesDirectory: true, imports: [], statements: [] });
  });

  it('stay in place if they depend on what only the running worker has', async () => {
    const { movedCode, todos } = await workerWith(
      'sinks: { [name]: {} }, bundlerOptions: { webpackConfigHook: (config) => ({ ...config, name }) }',
    );

    expect(movedCode).toEqual({});
    expect(todos.map(({ option }) => option)).toEqual(['bundlerOptions', 'worker']);
  });
});

describe('a data converter that a module exports by another name', () => {
  const converterOf = async (options: string, module = ''): Promise<FoundCode> => {
    const [worker] = await found({
      'src/converter.ts': `export async function getConverter() { return { payloadCodecs: [codec] }; }
export const encrypted = { payloadCodecs: [codec] };
${module}`,
      'src/workflows.ts': '',
      'src/worker.ts': `${IMPORTS}
import { encrypted, getConverter } from './converter';
const made = getConverter();
async function run() {
  await Worker.create({ taskQueue: 'q', workflowsPath: require.resolve('./workflows'), dataConverter: ${options} });
}`,
    });
    return worker!;
  };

  it.each([
    ['await getConverter()', 'getConverter', true],
    ['await made', 'getConverter', true],
    ['encrypted', 'encrypted', false],
  ])('is found in %s', async (expression, name, isCalled) => {
    expect(await converterOf(expression)).toMatchObject({
      dataConverter: null,
      converterExport: { module: 'src/converter.ts', isFile: true, name, isCalled },
      todos: [],
    });
  });

  it.each(["await getConverter('key')", 'await getConverter()()'])(
    'is left to the user in %s',
    async (expression) => {
      const { converterExport, todos } = await converterOf(expression);

      expect(converterExport).toBeNull();
      expect(todos).toMatchObject([{ option: 'dataConverter' }]);
    },
  );

  it('is left to the user if the import of its module starts something', async () => {
    const { converterExport, todos } = await converterOf('await getConverter()', 'connectToKeys();');

    expect(converterExport).toBeNull();
    expect(todos).toMatchObject([{ option: 'dataConverter' }]);
  });
});
