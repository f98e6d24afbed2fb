/** Writes one suite for jest in several ways, each into a directory of its own. */
import { mkdir, symlink, writeFile, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const FILES = 10;

/** Returns the three tests of a file. The ways differ in `execute` and `start`. */
const tests = (file) => `
  it('orders', async () => {
    expect(await execute('order', ['order-${file}'])).toBe('charge-order-${file}');
  });

  it('reminds once a day', async () => {
    expect(await execute('reminders', [30])).toBe(30);
  });

  it('is approved', async () => {
    expect(await execute('approval', [], (handle) => handle.signal('approve'))).toBe('approved');
  });
`;

const ACTIVITIES = `{
  charge: async (orderId) => 'charge-' + orderId,
  ship: async (orderId) => 'parcel-' + orderId,
}`;

/** Returns a test file as in the SDK's documentation, with a worker in each test, which bundles the code. */
const plain = (file, { serverPath, bundledOnce }) => `
const { TestWorkflowEnvironment } = require('@temporalio/testing');
const { Worker, bundleWorkflowCode, Runtime, DefaultLogger } = require('@temporalio/worker');

const workflowsPath = require.resolve('./workflows.ts');

describe('orders ${file}', () => {
  let env;
  let code;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('WARN') });
    env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: ${JSON.stringify(serverPath)} } },
    });
    code = ${bundledOnce ? '{ workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("WARN") }) }' : '{ workflowsPath }'};
  });
  afterAll(() => env.teardown());

  async function execute(type, args, then = () => undefined) {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'test-${file}',
      activities: ${ACTIVITIES},
      ...code,
    });
    return worker.runUntil(async () => {
      const handle = await env.client.workflow.start(type, {
        args,
        taskQueue: 'test-${file}',
        workflowId: type + '-' + Math.random(),
      });
      await then(handle);
      return handle.result();
    });
  }
${tests(file)}});
`;

/** Returns a test file for the preset, with one environment, and a replay of each workflow at the end of its test. */
const preset = (file, { autoReplay }) => `
const { createTestEnvironment } = require('temporal-replay/testing');

describe('orders ${file}', () => {
  let env;
  beforeAll(async () => {
    env = await createTestEnvironment({
      workflowsPath: require.resolve('./workflows.ts'),
      activities: ${ACTIVITIES},
      autoReplay: ${autoReplay},
    });
  });
  afterAll(() => env.teardown());

  async function execute(type, args, then = () => undefined) {
    const handle = await env.start(type, { args });
    await then(handle);
    return handle.result();
  }
${tests(file)}});
`;

const SWC = {
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  testTimeout: 60000,
};

/** Writes the suites, and returns their directories by way. */
export async function writeSuites(directory, { root, serverPath }) {
  const ways = {
    plain: { source: (file) => plain(file, { serverPath, bundledOnce: false }), config: SWC },
    'plain, bundled once a file': {
      source: (file) => plain(file, { serverPath, bundledOnce: true }),
      config: SWC,
    },
    preset: { source: (file) => preset(file, { autoReplay: true }), config: { preset: 'temporal-replay' } },
    'preset, no replay': {
      source: (file) => preset(file, { autoReplay: false }),
      config: { preset: 'temporal-replay' },
    },
  };
  const directories = {};
  for (const [name, { source, config }] of Object.entries(ways)) {
    const target = join(directory, name.replace(/\W+/g, '-'));
    directories[name] = target;
    await rm(target, { recursive: true, force: true });
    await mkdir(join(target, 'node_modules'), { recursive: true });
    for (const name of ['@temporalio', '@swc']) await link(join(root, 'node_modules', name), target, name);
    await link(root, target, 'temporal-replay');
    await copyFile(join(root, 'bench/jest/workflows.ts'), join(target, 'workflows.ts'));
    await writeFile(join(target, 'package.json'), JSON.stringify({ name: 'bench', private: true }));
    await writeFile(
      join(target, 'jest.config.js'),
      `module.exports = ${JSON.stringify({ testEnvironment: 'node', maxWorkers: 2, ...config })};\n`,
    );
    for (let file = 1; file <= FILES; file++)
      await writeFile(join(target, `orders-${file}.test.js`), source(file));
  }
  return directories;
}

const link = (from, directory, name) => symlink(from, join(directory, 'node_modules', name), 'junction');
