/** The worker of a project: the module's options, the project's own in their place, then the plugins. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectOptions } from '../../src/options/types';
import { type ConfiguredWorker, configuredWorker } from '../../src/worker-options/configured-worker';
import { scratchDirectory } from '../helpers/replay-cli';
import { workerSource } from '../helpers/worker-source';

let directory: string;
beforeEach(() => {
  directory = scratchDirectory();
});

const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);

function configured(options: ProjectOptions = { worker: 'worker.ts' }): Promise<ConfiguredWorker> {
  return configuredWorker(workerSource(options, directory));
}

const order = (step: string): string =>
  `(options) => ({ ...options, sinks: { ...options.sinks, [\`\${Object.keys(options.sinks ?? {}).length}-${step}\`]: {} } })`;

it('a worker has the options of its module', async () => {
  write(
    'worker.ts',
    `export const workerOptions = {
      taskQueue: 'orders',
      namespace: 'shop',
      workflowsPath: '/shop/workflows.ts',
      dataConverter: { payloadConverterPath: '/shop/payload.ts', payloadCodecs: [{ encode() {}, decode() {} }] },
      workerDeploymentOptions: { version: { deploymentName: 'orders', buildId: 'v2' }, useWorkerVersioning: true },
    };`,
  );

  expect(await configured()).toMatchObject({
    taskQueue: 'orders',
    namespace: 'shop',
    deploymentVersion: 'orders.v2',
    payloadConverterPath: '/shop/payload.ts',
    failureConverterPath: null,
    payloadCodecs: [{}],
    options: { workflowsPath: '/shop/workflows.ts' },
  });
});

it('a worker without a deployment has its build id alone as its version', async () => {
  write('worker.ts', `export const workerOptions = { taskQueue: 'orders', buildId: 'b7' };`);

  expect(await configured()).toMatchObject({ deploymentVersion: 'b7' });
});

it("a worker has the project's own options in the place of the module's", async () => {
  write(
    'worker.ts',
    `export const workerOptions = {
      taskQueue: 'orders',
      workflowBundle: { code: 'bundled' },
      reuseV8Context: true,
      workflowFailureErrorTypes: { '*': ['A'] },
      interceptors: { workflowModules: ['/shop/a.ts'], activity: [] },
      dataConverter: { payloadConverterPath: '/shop/payload.ts' },
    };`,
  );
  write('workflows.ts', '');
  write('interceptor.ts', '');
  write('converter.ts', `export const dataConverter = { failureConverterPath: '/shop/failure.ts' };`);

  const { options, ...worker } = await configured({
    worker: 'worker.ts',
    workflowsPath: 'workflows.ts',
    taskQueue: 'other',
    reuseV8Context: false,
    workflowFailureErrorTypes: { order: ['B'] },
    workflowInterceptors: ['interceptor.ts'],
    dataConverter: 'converter.ts',
  });

  expect(worker).toMatchObject({
    taskQueue: 'other',
    payloadConverterPath: null,
    failureConverterPath: '/shop/failure.ts',
  });
  expect(options).toMatchObject({
    workflowsPath: join(directory, 'workflows.ts'),
    workflowBundle: undefined,
    reuseV8Context: false,
    workflowFailureErrorTypes: { order: ['B'] },
    interceptors: { workflowModules: [join(directory, 'interceptor.ts')], activity: [] },
  });
});

it('a worker is configured by its plugins, then by those of its connection, each once', async () => {
  write(
    'worker.ts',
    `const replay = {
      name: 'replay', configureReplayWorker: async ${order('replay')}, configureWorker() { throw new Error('live'); },
    };
    const live = { name: 'live', configureWorker: ${order('live')} };
    export const workerOptions = { plugins: [replay, live], connection: { plugins: [live] } };`,
  );

  const { options } = await configured();

  expect(Object.keys(options.sinks!)).toEqual(['0-replay', '1-live', '2-live']);
});

it('a worker takes plugins of a module of their own', async () => {
  write('plugins.ts', `export const plugins = [{ name: 'p', configureReplayWorker: ${order('p')} }];`);

  const { options } = await configured({ plugins: 'plugins.ts' });

  expect(Object.keys(options.sinks!)).toEqual(['0-p']);
});

it.each([
  ['throws', '() => { throw new Error("no key"); }', 'The plugin p cannot configure the worker'],
  ['returns nothing', '() => undefined', 'it returned no options'],
])('a worker is refused if a plugin %s', async (_, configure, message) => {
  write('plugins.ts', `export const plugins = [{ name: 'p', configureReplayWorker: ${configure} }];`);

  await expect(configured({ plugins: 'plugins.ts' })).rejects.toMatchObject({
    code: 'WORKER_OPTIONS',
    message: expect.stringContaining(message),
  });
});

it.each([
  ['a list', '[]', 'must be an object, not an array'],
  ['a text', '"orders"', 'must be an object, not a string'],
])('a worker is refused if the module exports %s', async (_, value, message) => {
  write('worker.ts', `export default ${value};`);

  await expect(configured()).rejects.toMatchObject({
    code: 'WORKER_OPTIONS',
    message: expect.stringContaining(message),
  });
});
