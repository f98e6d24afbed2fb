/** A bundle is made of the same parts as by `Worker.create`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { type BundleSource, bundleSourceOf } from '../../src/worker-options/bundle-source';
import { configuredWorker } from '../../src/worker-options/configured-worker';
import { workerSourceOf } from '../../src/worker-options/worker-source';
import { scratchDirectory } from '../helpers/replay-cli';

let directory: string;
beforeEach(() => {
  directory = scratchDirectory();
});

const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);

async function source(worker: string, options: ProjectOptions = {}): Promise<BundleSource> {
  write('worker.ts', worker);
  const { projects } = resolveReplayOptions({ name: 'shop', worker: 'worker.ts', ...options }, directory);
  return bundleSourceOf(projects[0]!, await configuredWorker(workerSourceOf(projects[0]!)));
}

it('the source of a bundle is what the options name', async () => {
  write('workflows.ts', '');

  const found = await source(`export default {
    workflowsPath: require.resolve('./workflows'),
    bundlerOptions: { ignoreModules: ['fs'], preloadModules: ['a'] },
    interceptors: { workflowModules: ['/shop/a.ts', '/shop/a.ts'] },
    dataConverter: { payloadConverterPath: '/shop/payload.ts' },
  };`);

  expect(found).toEqual({
    name: 'shop',
    cacheKey: null,
    workflowsPath: join(directory, 'workflows.ts'),
    bundle: null,
    workflowInterceptors: ['/shop/a.ts'],
    payloadConverter: '/shop/payload.ts',
    failureConverter: null,
    bundlerOptions: { ignoreModules: ['fs'], preloadModules: ['a'] },
  });
});

it('the source of a bundle is changed by the plugins, in their order', async () => {
  write('workflows.ts', '');

  const { bundlerOptions, workflowInterceptors } = await source(
    `const plugin = (name) => ({ name, configureBundler: (options) => ({
      ...options,
      ignoreModules: [...(options.ignoreModules ?? []), name],
      workflowInterceptorModules: [...options.workflowInterceptorModules, name],
    }) });
    export default {
      workflowsPath: require.resolve('./workflows'), plugins: [plugin('a')], connection: { plugins: [plugin('b')] },
    };`,
    { bundlerOptions: { ignoreModules: ['own'] } },
  );

  expect(bundlerOptions.ignoreModules).toEqual(['own', 'a', 'b']);
  expect(workflowInterceptors).toEqual(['a', 'b']);
});

it('the source of a bundle is a TypeScript file where the options name its compiled form', async () => {
  write('workflows.ts', '');

  const { workflowsPath } = await source(`export default { workflowsPath: __dirname + '/workflows.js' };`);

  expect(workflowsPath).toBe(join(directory, 'workflows.ts'));
});

it.each([
  ['a file', `{ codePath: '/shop/bundle.js' }`, { bundle: '/shop/bundle.js' }],
  ['code', `{ code: 'bundled' }`, { bundle: null, bundleCode: 'bundled' }],
])('the source of a bundle is a prebuilt bundle that is given as %s', async (_, workflowBundle, expected) => {
  const found = await source(
    `export default { workflowBundle: ${workflowBundle}, plugins: [{ name: 'p', configureBundler() { throw new Error(); } }] };`,
  );

  expect(found).toMatchObject({ ...expected, workflowsPath: null });
});

it.each([
  ['options without workflow code', '{ activities: {} }', 'name no workflow code'],
  [
    'a plugin that throws',
    `{ workflowsPath: '/w.ts', plugins: [{ name: 'p', configureBundler() { throw new Error('no polyfill'); } }] }`,
    'The plugin p cannot configure the bundler',
  ],
])('the source of a bundle is refused for %s', async (_, options, message) => {
  await expect(source(`export default ${options};`)).rejects.toMatchObject({
    code: 'WORKER_OPTIONS',
    message: expect.stringContaining(message),
  });
});
