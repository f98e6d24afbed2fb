/** The workflow types that the files of real bundles count for. A file that is not listed counts for all. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundleProject } from '../../src/bundle/bundle-project';
import type { TypeInputs } from '../../src/bundle/type-inputs';
import { describeCodeFailure } from '../../src/model/code-failure';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { scratchDirectory } from '../helpers/replay-cli';

type Files = Record<string, string>;

interface Service {
  write(files: Files): void;
  build(options?: ProjectOptions): Promise<TypeInputs>;
}

function service(files: Files): Service {
  const directory = scratchDirectory();
  const write = (written: Files): void => {
    for (const [name, text] of Object.entries(written)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
  };
  write(files);
  return {
    write,
    async build(options = {}) {
      const { projects } = resolveReplayOptions({ workflowsPath: 'index.ts', ...options }, directory);
      const cacheDir = join(directory, 'cache');
      const built = await bundleProject(projects[0]!, { cache: false, cacheDir });
      if ('failure' in built) throw new Error(describeCodeFailure(built.failure));
      const { types, loadOrder } = built.typeInputs;
      const named = Object.entries(types).map(([file, some]) => [relative(directory, file), some] as const);
      return { types: Object.fromEntries(named.sort(([x], [y]) => (x < y ? -1 : 1))), loadOrder };
    },
  };
}

const typesByFile = async (files: Files, options?: ProjectOptions): Promise<TypeInputs['types']> =>
  (await service(files).build(options)).types;

const A = "import { help } from './help';\nexport async function a() { return help(); }";
const B = 'export async function b() {}';
const HELP = 'export const help = () => 1;';
const TWO = {
  'index.ts': "export * from './a';\nexport * from './b';",
  'a.ts': A,
  'b.ts': B,
  'help.ts': HELP,
};

describe('the types that a file counts for', () => {
  it('are those whose code imports it, directly or not', async () => {
    const shared = "import { help } from './help';\nexport async function b() { return help(); }";

    expect(await typesByFile(TWO)).toEqual({ 'a.ts': ['a'], 'b.ts': ['b'], 'help.ts': ['a'] });
    expect(await typesByFile({ ...TWO, 'b.ts': shared })).toMatchObject({ 'help.ts': ['a', 'b'] });
  });

  it.each([
    ['export { a } from', "export { a } from './a';\nexport * from './b';"],
    ['an import that is exported', "import { a } from './a';\nexport { a };\nexport * from './b';"],
  ])('are found through %s', async (_, index) => {
    expect(await typesByFile({ ...TWO, 'index.ts': index })).toEqual({
      'a.ts': ['a'],
      'b.ts': ['b'],
      'help.ts': ['a'],
    });
  });

  it('are named as they are exported', async () => {
    const index = "export { a as renamed } from './a';\nexport { default } from './b';";
    const files = { ...TWO, 'index.ts': index, 'b.ts': 'export default async function b() {}' };

    expect(await typesByFile(files)).toEqual({
      'a.ts': ['renamed'],
      'b.ts': ['default'],
      'help.ts': ['renamed'],
    });
  });

  it('include those that the file re-exports', async () => {
    const files = {
      ...TWO,
      'index.ts': "export * from './all';\nexport * from './b';",
      'all.ts': "export * from './a';",
    };

    expect(await typesByFile(files)).toMatchObject({ 'a.ts': ['a'], 'all.ts': ['a'], 'b.ts': ['b'] });
  });

  it('do not depend on imports of types and on definitions such as proxyActivities', async () => {
    const a = `
      import { defineSignal, proxyActivities } from '@temporalio/workflow';
      import * as wf from '@temporalio/workflow';
      import type { b } from './b';
      export type Child = typeof b;
      export enum State { Open, Closed }
      export class Saga { #steps: string[] = []; get size() { return this.#steps.length; } }
      export const go = defineSignal('go');
      export const ask = wf.defineQuery('ask');
      const { act } = proxyActivities<{ act(): Promise<void> }>({ startToCloseTimeout: '1m' });
      const known = new Map([['x', State.Open]]);
      export async function a() { await act(); known.get('x'); }`;

    expect(await typesByFile({ ...TWO, 'a.ts': a })).toMatchObject({ 'b.ts': ['b'] });
    expect(await typesByFile({ ...TWO, 'a.ts': a })).toHaveProperty(['a.ts'], expect.arrayContaining(['a']));
  });

  it('include that of another workflow that calls its workflow', async () => {
    const a = "import { b } from './b';\nexport async function a() { await b(); }";

    expect(await typesByFile({ ...TWO, 'a.ts': a })).toEqual({ 'a.ts': ['a'], 'b.ts': ['a', 'b'] });
  });

  it('are found for a file with several workflows', async () => {
    const files = {
      'index.ts': "export * from './a';",
      'a.ts': `${A}\nexport async function c() {}`,
      'help.ts': HELP,
    };

    expect(await typesByFile(files)).toEqual({ 'a.ts': ['a', 'c'], 'help.ts': ['a', 'c'] });
  });
});

describe('a file counts for all types', () => {
  it.each<[string, Files]>([
    ['if loading it has an effect', { 'help.ts': `globalThis.seen = true;\n${HELP}` }],
    ['if it calls a function while it loads', { 'help.ts': `${HELP}\nexport const helped = help();` }],
    ['if its class has a static block', { 'help.ts': `${HELP}\nexport class C { static { help(); } }` }],
    ['if it declares a name of a built-in class', { 'help.ts': `${HELP}\nfunction Map() {}\nnew Map();` }],
    ['if it is CommonJS', { 'help.ts': 'exports.help = () => 1;' }],
    [
      'if it is imported for its effect',
      { 'a.ts': `import './help';\n${B.replace('b', 'a')}`, 'help.ts': 'help();\nexport function help() {}' },
    ],
  ])('%s', async (_, files) => {
    const types = await typesByFile({ ...TWO, ...files });

    expect(Object.keys(types)).toEqual(['a.ts', 'b.ts']);
  });

  it('with all its imports if loading it has an effect', async () => {
    const files = { ...TWO, 'a.ts': `${A}\nhelp();` };

    expect(await typesByFile(files)).toEqual({ 'b.ts': ['b'] });
  });

  it('if an interceptor imports it', async () => {
    const files = {
      ...TWO,
      'interceptor.ts': "import { help } from './help';\nexport const interceptors = () => (help(), {});",
    };

    expect(Object.keys(await typesByFile(files, { workflowInterceptors: ['interceptor.ts'] }))).toEqual([
      'a.ts',
      'b.ts',
    ]);
  });

  it('if a payload converter imports it', async () => {
    const converter =
      "import { defaultPayloadConverter } from '@temporalio/common';\nimport { help } from './help';\nhelp();\nexport const payloadConverter = defaultPayloadConverter;";

    expect(
      Object.keys(
        await typesByFile({ ...TWO, 'converter.ts': converter }, { payloadConverter: 'converter.ts' }),
      ),
    ).toEqual(['a.ts', 'b.ts']);
  });

  it.each<[string, Files, ProjectOptions?]>([
    [
      'where the workflows are CommonJS',
      { 'index.ts': "module.exports = { ...require('./a'), ...require('./b') };" },
    ],
    [
      'where some are exported from CommonJS',
      { 'b.ts': 'module.exports = Object.assign({}, { b: async () => {} });' },
    ],
    [
      'where a directory is imported',
      { 'help.ts': 'export const help = (name = "x") => require(`./steps/${name}`);', 'steps/x.ts': '' },
    ],
    [
      'where the workflows are interceptors too',
      { 'index.ts': `${TWO['index.ts']}\nexport const interceptors = () => ({});` },
      { workflowInterceptors: ['index.ts'] },
    ],
  ])('%s: all of them', async (_, files, options = {}) => {
    expect(await typesByFile({ ...TWO, ...files }, options)).toEqual({});
  });
});

describe('the load order', () => {
  const LOUD = { 'x.ts': 'globalThis.x = 1;', 'y.ts': 'globalThis.x = 2;' };
  const importing = (...names: string[]): Files => ({
    'b.ts': `${names.map((name) => `import './${name}';`).join('\n')}\n${B}`,
  });
  const orders = async (before: Files, after: Files): Promise<[string, string]> => {
    const { write, build } = service({ ...TWO, ...LOUD, ...before });
    const { loadOrder } = await build();
    write(after);
    return [loadOrder, (await build()).loadOrder];
  };

  it('is the same if files change that only define', async () => {
    const [before, after] = await orders(importing('x', 'y'), {
      'a.ts': `import { b } from './b';\n${A}\nexport const more = b;`,
    });

    expect(after).toBe(before);
  });

  it.each<[string, Files, Files]>([
    ['modules with an effect swap', importing('x', 'y'), importing('y', 'x')],
    ['one comes', importing('x'), importing('x', 'y')],
    ['one goes', importing('x', 'y'), importing('x')],
    ['one gets an effect', {}, { 'a.ts': `${A}\nhelp();` }],
    [
      'another module of a cycle comes first',
      { 'help.ts': `import './c';\n${HELP}`, 'c.ts': "import './help';" },
      { 'a.ts': `import './c';\n${A}` },
    ],
  ])('differs if %s', async (_, before, after) => {
    const [first, second] = await orders(before, after);

    expect(second).not.toBe(first);
  });
});
