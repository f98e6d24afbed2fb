/** A build with the module memory gives the same bundle as one without. */
import {
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as swc from '@swc/core';
import { type BundleResult, bundleProject } from '../../src/bundle/bundle-project';
import { ModuleMemory } from '../../src/bundle/module-memory';
import type { SourceOverlay } from '../../src/bundle/source-overlay';
import { describeCodeFailure } from '../../src/model/code-failure';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { isWhole } from '../helpers/extent';
import { scratchDirectory } from '../helpers/replay-cli';

/** For what was written before to be older than the build. */
const CLOCK_MS = 50;

jest.mock('@swc/core', () => {
  const real = jest.requireActual<typeof swc>('@swc/core');
  return { ...real, transform: jest.fn(real.transform) };
});
const compiled = jest.mocked(swc.transform);

let service: string;
let memory: ModuleMemory;
beforeEach(() => {
  service = scratchDirectory();
  memory = new ModuleMemory();
  write(
    'workflows.ts',
    "import { answer } from './answer';\nimport { ask } from 'asking';\nexport async function first() { return [answer, ask]; }",
  );
  write('answer.ts', 'export const answer = 41;');
  write('node_modules/asking/package.json', '{ "name": "asking", "version": "1.0.0" }');
  write('node_modules/asking/index.js', 'exports.ask = 1;');
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(service, name)), { recursive: true });
  writeFileSync(join(service, name), text);
}

async function build(
  options: ProjectOptions & { memory?: ModuleMemory; overlay?: SourceOverlay } = {},
): Promise<string> {
  const { memory: used, overlay, ...project } = options;
  const { projects } = resolveReplayOptions({ workflowsPath: 'workflows.ts', ...project }, service);
  const settings = { cache: false, cacheDir: join(service, 'cache'), memory: used, overlay };
  return codeOf(await bundleProject(projects[0]!, settings));
}

const codeOf = (result: BundleResult): string =>
  'failure' in result ? describeCodeFailure(result.failure) : readFileSync(result.path, 'utf8');

/** Builds once, for the memory to have what is there before a change. */
async function remember(): Promise<void> {
  await sleep(CLOCK_MS);
  await build({ memory });
}

async function bothBuilds(): Promise<[string, string]> {
  await sleep(CLOCK_MS);
  return [await build({ memory }), await build()];
}

/** Changes after which a build could take what it remembers. Those with `every night` resemble another one. */
const CHANGES: readonly [what: string, change: () => void, when?: 'every night'][] = [
  ['nothing changes', () => undefined, 'every night'],
  ['a file changes', () => write('answer.ts', 'export const answer = 42;')],
  [
    'a file is swapped for another one of the same size and time',
    () => {
      const { atime, mtime } = statSync(join(service, 'answer.ts'));
      rmSync(join(service, 'answer.ts'));
      write('answer.ts', 'export const answer = 40;');
      utimesSync(join(service, 'answer.ts'), atime, mtime);
    },
  ],
  ['a file comes that goes before an imported one', () => write('answer.js', 'exports.answer = 43;')],
  [
    'a file goes and one of another kind comes',
    () => {
      rmSync(join(service, 'answer.ts'));
      write('answer/index.ts', 'export const answer = 44;');
    },
    'every night',
  ],
  [
    'a link leads to another file',
    () => {
      write('other.ts', 'export const answer = 45;');
      unlinkSync(join(service, 'answer.ts'));
      symlinkSync('other.ts', join(service, 'answer.ts'));
    },
    'every night',
  ],
  ['a package changes but not its version', () => write('node_modules/asking/index.js', 'exports.ask = 2;')],
  [
    "a package's entry changes",
    () => {
      write(
        'node_modules/asking/package.json',
        '{ "name": "asking", "version": "1.0.0", "main": "other.js" }',
      );
      write('node_modules/asking/other.js', 'exports.ask = 3;');
    },
    'every night',
  ],
  [
    'tsconfig.json leads to other files, and asks for the metadata of decorators',
    () => {
      write('answer.ts', 'const d: any = () => 0; class A { @d a!: A; } export const answer = new A();');
      write('other/asking.ts', 'export const ask = 4;');
      const compilerOptions = { paths: { asking: ['./other/asking.ts'] }, emitDecoratorMetadata: true };
      write('tsconfig.json', JSON.stringify({ compilerOptions }));
    },
    'every night',
  ],
  [
    'an import is added',
    () => write('answer.ts', "import { ask } from 'asking';\nexport const answer = ask;"),
    'every night',
  ],
];

it.each(CHANGES.filter(([, , when]) => isWhole || when === undefined))(
  'the bundle is the same with and without memory if %s',
  async (what, change) => {
    await remember();

    change();

    const [remembering, anew] = await bothBuilds();
    expect(remembering).toBe(anew);
  },
);

it('the bundle is the same with and without memory if a file changes twice, breaks, disappears and returns', async () => {
  await remember();
  for (const text of [
    'export const answer = 50;',
    'export const answer = 51;',
    'export const = ;',
    'export const answer = 50;',
  ]) {
    write('answer.ts', text);
    const [remembering, anew] = await bothBuilds();
    expect(remembering).toBe(anew);
  }
  rmSync(join(service, 'answer.ts'));
  const [without, withoutAnew] = await bothBuilds();
  write('answer.ts', 'export const answer = 52;');
  const [again, againAnew] = await bothBuilds();

  expect(without).toBe(withoutAnew);
  expect(without).toContain("Can't resolve './answer'");
  expect(again).toBe(againAnew);
});

it('a build has the new content of a file that changed while the build before read it', async () => {
  await remember();
  for (let delayMs = 0; delayMs < 60; delayMs += isWhole ? 12 : 30) {
    write('answer.ts', `export const answer = ${delayMs}; // at first`);
    const building = build({ memory });
    await sleep(delayMs);
    write('answer.ts', `export const answer = ${delayMs}; // then`);
    await building;
    expect(await build({ memory })).toContain(`${delayMs}; // then`);
  }
});

it('a build with the module memory compiles only the changed files', async () => {
  compiled.mockClear();
  await sleep(CLOCK_MS);
  await build({ memory });
  const atFirst = compiled.mock.calls.length;
  write('answer.ts', 'export const answer = 42;');
  await sleep(CLOCK_MS);

  await build({ memory });

  expect(atFirst).toBe(2);
  expect(compiled.mock.calls.length - atFirst).toBe(1);
});

it('the module memory is not used with a webpackConfigHook', async () => {
  let answer = 1;
  const webpackConfigHook = (config: object): object => ({ ...config, name: `build ${answer++}` });
  compiled.mockClear();

  for (let n = 0; n < 2; n++) await build({ memory, bundlerOptions: { webpackConfigHook } });

  expect(compiled).toHaveBeenCalledTimes(4);
});

it('bundles a text in place of a file without taking one for the other later', async () => {
  const withAnswer = (answer: number): Promise<string> => {
    const texts = new Map([[join(service, 'answer.ts'), `export const answer = ${answer};`]]);
    return build({ memory, overlay: { texts, bundleDir: join(service, 'copies') } });
  };
  const before = await build({ memory });

  const changed = await withAnswer(99);
  const changedAgain = await withAnswer(98);
  const after = await build({ memory });

  expect(changed).toContain('answer = 99');
  expect(changedAgain).toContain('answer = 98');
  expect(after).toBe(before);
  expect(before).toContain('answer = 41');
});
