/** A bundle is taken from the cache only if a build would give the same bundle. */
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BundleResult, bundleProject } from '../../src/bundle/bundle-project';
import { openBundleCache } from '../../src/bundle/cache';
import { ALL_INPUTS_OF_ALL_TYPES } from '../../src/bundle/type-inputs';
import { describeCodeFailure } from '../../src/model/code-failure';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { scratchDirectory } from '../helpers/replay-cli';

const CLOCK_MS = 50;

let service: string;
beforeEach(() => {
  service = scratchDirectory();
  write(
    'workflows.ts',
    "import { answer } from './answer';\nexport async function first() { return answer; }",
  );
  write('answer.js', 'exports.answer = 41;');
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(service, name)), { recursive: true });
  writeFileSync(join(service, name), text);
}

const cacheDir = (): string => join(service, 'cache');
const bundles = (): string[] => readdirSync(cacheDir()).filter((name) => name.endsWith('.js'));

async function bundle(options: ProjectOptions = {}): Promise<Extract<BundleResult, { path: string }>> {
  const { projects } = resolveReplayOptions({ workflowsPath: 'workflows.ts', ...options }, service);
  // A file that is written at the moment of bundling may be missing in the bundle, so that bundle is not kept.
  await sleep(CLOCK_MS);
  const result = await bundleProject(projects[0]!, { cache: true, cacheDir: cacheDir() });
  if ('failure' in result) throw new Error(describeCodeFailure(result.failure));
  return result;
}

it('bundleProject takes the bundle of unchanged code from the cache', async () => {
  const built = await bundle();

  const found = await bundle();

  expect([built.cached, found.cached]).toEqual([false, true]);
  expect(found).toEqual({ ...built, cached: true });
  expect(found.workflowTypes).toEqual(['first']);
});

it.each<[string, () => ProjectOptions]>([
  [
    'an imported file changes',
    () => {
      write('answer.js', 'exports.answer = 42;');
      return {};
    },
  ],
  [
    'a file is added that goes before an imported one',
    () => {
      write('answer.ts', 'export const answer = 43;');
      return {};
    },
  ],
  [
    'there is a tsconfig.json now',
    () => {
      write('tsconfig.json', '{}');
      return {};
    },
  ],
  ['a bundler option changes', () => ({ bundlerOptions: { ignoreModules: ['node:fs'] } })],
  [
    'there is an interceptor',
    () => {
      write('interceptor.ts', 'export const interceptors = () => ({});');
      return { workflowInterceptors: ['interceptor.ts'] };
    },
  ],
])('builds again where %s', async (_, change) => {
  await bundle();

  const options = change();

  expect((await bundle(options)).cached).toBe(false);
  expect((await bundle(options)).cached).toBe(true);
});

it('bundleProject caches no bundle with a webpackConfigHook of unknown sources', async () => {
  const options = { bundlerOptions: { webpackConfigHook: (config: object) => config } };
  await bundle(options);

  expect((await bundle(options)).cached).toBe(false);
});

it('bundleProject caches by cacheKey what a webpackConfigHook of unknown sources has made', async () => {
  const bundlerOptions = { webpackConfigHook: (config: object) => config };
  await bundle({ bundlerOptions, cacheKey: 'a' });

  expect((await bundle({ bundlerOptions, cacheKey: 'a' })).cached).toBe(true);
  expect((await bundle({ bundlerOptions, cacheKey: 'b' })).cached).toBe(false);
});

it('bundleProject removes replaced bundles of the same code after a day', async () => {
  await bundle();
  const [old] = bundles();
  write('answer.js', 'exports.answer = 42;');
  await bundle();
  expect(bundles()).toHaveLength(2);
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  utimesSync(join(cacheDir(), old!), twoDaysAgo, twoDaysAgo);
  write('answer.js', 'exports.answer = 43;');

  await bundle();

  expect(bundles()).toHaveLength(2);
  expect(bundles()).not.toContain(old);
});

describe('the bundle cache', () => {
  it('returns a bundle with unchanged inputs, and none with an input that changed during the build', async () => {
    const directory = scratchDirectory();
    const workflowsPath = join(directory, 'workflows.ts');
    writeFileSync(workflowsPath, 'export async function a() {}');
    const [project] = resolveReplayOptions({ workflowsPath }, directory).projects;
    const cache = openBundleCache(join(directory, 'cache'), project!, { coverage: false });
    const bundle = {
      code: 'read before',
      workflowTypes: ['a'],
      sharesModuleState: false,
      inputs: [workflowsPath],
      absent: [],
      instrumented: [],
      typeInputs: ALL_INPUTS_OF_ALL_TYPES,
    };

    await sleep(CLOCK_MS);
    const beganAt = Date.now();
    await sleep(CLOCK_MS);
    writeFileSync(workflowsPath, 'export async function b() {}');
    const during = await cache.store({ ...bundle, beganAt });
    const afterChange = await cache.find();
    await sleep(CLOCK_MS);
    await cache.store({ ...bundle, beganAt: Date.now() });
    const afterwards = await cache.find();

    expect(during.inputs).toEqual([workflowsPath]);
    expect(afterChange).toBeNull();
    expect(afterwards).toMatchObject({ workflowTypes: ['a'], inputs: [workflowsPath] });
  });
});
