/** Hashes of the code that counts for a workflow type, of real bundles. Results of earlier runs are found by them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BundleOptions } from '@temporalio/worker';
import { bundleProject } from '../../src/bundle/bundle-project';
import { codeHashOf } from '../../src/bundle/type-inputs';
import { describeCodeFailure } from '../../src/model/code-failure';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { scratchDirectory } from '../helpers/replay-cli';

const FILES = {
  'index.ts': "export * from './a';\nexport * from './b';",
  'a.ts': "import { help } from './help';\nexport async function a() { return help(); }",
  'b.ts': "import { version } from 'lib';\nexport async function b() { return version; }",
  'help.ts': 'export const help = () => 1;',
  'interceptors.ts': 'export const interceptors = () => ({ inbound: [] });',
  'node_modules/lib/package.json': '{"name":"lib","version":"1.0.0","main":"index.js"}',
  'node_modules/lib/index.js': 'exports.version = 1;',
};

let directory: string;
beforeEach(() => {
  directory = scratchDirectory();
  write(FILES);
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

/** Bundles the files and returns the hash of each type. */
async function hashes(options: ProjectOptions = {}): Promise<Record<'a' | 'b', string | null>> {
  const { projects } = resolveReplayOptions({ workflowsPath: 'index.ts', ...options }, directory);
  const built = await bundleProject(projects[0]!, { cache: false, cacheDir: join(directory, 'cache') });
  if ('failure' in built) throw new Error(describeCodeFailure(built.failure));
  return { a: codeHashOf(built.typeInputs, 'a'), b: codeHashOf(built.typeInputs, 'b') };
}

/** A hook that writes a value into the code, as webpack's DefinePlugin does. */
const inlining = (value: string): ProjectOptions => ({
  bundlerOptions: {
    webpackConfigHook: (config: Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0]) => {
      const { DefinePlugin } = require('webpack') as { DefinePlugin: new (values: object) => never };
      return {
        ...config,
        plugins: [...(config.plugins ?? []), new DefinePlugin({ 'process.env.MODE': JSON.stringify(value) })],
      };
    },
  },
});

describe('the hash of the code of a workflow type', () => {
  it('is the same for the same code, also in another build', async () => {
    const first = await hashes();

    expect(first.a).not.toBeNull();
    expect(first.a).not.toBe(first.b);
    expect(await hashes()).toEqual(first);
  });

  it.each<[string, Record<string, string>, ('a' | 'b')[]]>([
    ['a helper', { 'help.ts': 'export const help = () => 2;' }, ['a']],
    ['the workflow itself', { 'b.ts': FILES['b.ts'].replace('return version', 'return version + 1') }, ['b']],
    // Loading a package may have effects on all that is loaded after it.
    ['a package', { 'node_modules/lib/index.js': 'exports.version = 2;' }, ['a', 'b']],
    [
      'an effect of loading a module',
      { 'a.ts': `(globalThis as any).seen = 1;\n${FILES['a.ts']}` },
      ['a', 'b'],
    ],
    ['the index', { 'index.ts': `${FILES['index.ts']}\nexport const more = 1;` }, ['a', 'b']],
  ])('is another one after a change of %s, and stays for types without it', async (_, change, changed) => {
    const before = await hashes();
    write(change);
    const after = await hashes();

    expect((['a', 'b'] as const).filter((type) => after[type] !== before[type])).toEqual(changed);
  });

  it('is another one after a change of an interceptor', async () => {
    const workflowInterceptors = [join(directory, 'interceptors.ts')];
    const before = await hashes({ workflowInterceptors });
    write({ 'interceptors.ts': 'export const interceptors = () => ({ inbound: [], outbound: [] });' });
    const after = await hashes({ workflowInterceptors });

    expect([after.a, after.b].some((hash) => hash === before.a || hash === before.b)).toBe(false);
  });

  it('is another one for another value that webpack writes into the code', async () => {
    write({ 'help.ts': 'export const help = () => process.env.MODE;' });

    const before = await hashes(inlining('test'));
    const after = await hashes(inlining('production'));

    expect(after.a).not.toBe(before.a);
    expect(after.b).toBe(before.b);
  });
});
