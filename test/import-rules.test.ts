import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratchDirectory } from './helpers/replay-cli';

interface Rule {
  name: string;
  from: { path?: string };
}
interface Planted {
  rule: string;
  file: string;
  source: string;
}

const ROOT = join(__dirname, '..');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const RULES: Rule[] = require(CONFIG).forbidden;

/** Ways to import that load the module; `WAYS_OF_TYPES` are those that do not. */
const WAYS = {
  import: (path: string) => `import { a } from '${path}'; export const b = a;`,
  export: (path: string) => `export * from '${path}';`,
  require: (path: string) => `export const b = () => require('${path}');`,
  'typed require': (path: string) => `export const b = require('${path}') as typeof import('${path}');`,
  'dynamic import': (path: string) => `export const b = () => import('${path}');`,
};
const WAYS_OF_TYPES = {
  'import type': (path: string) => `import type { A } from '${path}'; export type B = A;`,
  'inline type': (path: string) => `import { type A } from '${path}'; export type B = A;`,
  'export type': (path: string) => `export type { A } from '${path}';`,
  typeof: (path: string) => `export type B = typeof import('${path}');`,
};
const ALL_WAYS = { ...WAYS, ...WAYS_OF_TYPES };

/** Returns a file for each way to import `target`, two folders below `folder`. */
function inEachWay(rule: string, folder: string, target: string, ways: object): Planted[] {
  return Object.entries(ways).map(([way, write]) => ({
    rule,
    file: `${folder}/deep/nested/${rule.replace(/\W/g, '-')}-${way.replace(' ', '-')}.ts`,
    source: write(
      target.startsWith('src/') ? `${'../'.repeat(folder.split('/').length + 1)}${target.slice(4)}` : target,
    ),
  }));
}

const rooms = RULES.flatMap(({ name }) => /^room-(?!.*-types$)(.+)/.exec(name)?.slice(1) ?? []);

/** Violations of each rule. No room may import the CLI, and the CLI may not import `testing`. */
const PLANTED: Planted[] = [
  ...rooms
    .filter((room) => room !== 'index' && room !== 'cli')
    .flatMap((room) => inEachWay(`room-${room}`, `src/${room}`, 'src/cli/target', ALL_WAYS)),
  ...inEachWay('room-cli', 'src/cli', 'src/testing/target', ALL_WAYS),
  { rule: 'room-index', file: 'src/index.ts', source: ALL_WAYS.require('./cli/target') },
  ...inEachWay('room-sdk-types', 'src/sdk', 'src/temporal/target', WAYS),
  ...inEachWay('room-versions-types', 'src/versions', 'src/replay/target', WAYS),
  ...inEachWay('room-gate-types', 'src/gate', 'src/options/target', WAYS),
  ...inEachWay('room-fetch-types', 'src/fetch', 'src/temporal/target', WAYS),
  ...inEachWay('room-bundle-types', 'src/bundle', 'src/options/target', WAYS),
  ...inEachWay('room-replay-types', 'src/replay', 'src/bundle/target', WAYS),
  ...inEachWay('room-report-types', 'src/report', 'src/history/target', WAYS),
  ...inEachWay('ground-floor', 'src/util', 'src/model/target', ALL_WAYS),
  ...inEachWay('ground-floor', 'src/model', 'src/util/target', ALL_WAYS),
  { rule: 'ground-floor-errors', file: 'src/errors.ts', source: ALL_WAYS.typeof('./model/target') },
  ...inEachWay('known-room', 'src/new-room', 'src/util/target', ALL_WAYS),
  ...inEachWay('src-alone', 'src/fetch', 'src/../test/target', ALL_WAYS),
  ...inEachWay('verdict-is-pure', 'src/replay/verdict', 'src/replay/engine/target', ALL_WAYS),
  ...inEachWay(
    'parent-and-child-share-the-protocol',
    'src/replay/pool',
    'src/replay/engine/target',
    ALL_WAYS,
  ),
  ...inEachWay('test-process-is-light', 'src/testing/waits', 'src/replay/target', WAYS),
  ...[
    'yargs',
    'cli-progress',
    'p-limit',
    'chokidar',
    'jiti',
    'xmlbuilder2',
    'picocolors',
    '@temporalio/envconfig',
  ].flatMap((name) => inEachWay(`one-place-${name}`, 'src/history', name, ALL_WAYS)),
  ...inEachWay('one-place-@temporalio/testing', 'src/testing/worker', '@temporalio/testing', WAYS),
  ...inEachWay('one-place-@temporalio/worker', 'src/testing/waits', '@temporalio/worker', WAYS),
  ...inEachWay('no-development-packages', 'src/history', 'esbuild', WAYS),
  { rule: 'resolvable', file: 'src/util/deep/missing.ts', source: ALL_WAYS.require('./no-such-file') },
  ...Object.entries(ALL_WAYS).map(([way, write]) => ({
    rule: 'no-circles',
    file: `src/util/circle/${way.replace(' ', '-')}.ts`,
    source: write(`./back/${way.replace(' ', '-')}`),
  })),
];

/** Files that the planted ones import. */
const TARGETS: Record<string, string> = {
  ...Object.fromEntries(
    [
      ...['cli', 'testing', 'temporal', 'options', 'bundle', 'history', 'model', 'util'],
      ...['replay', 'replay/engine', '../test'],
    ].map((folder) => [join('src', folder, 'target.ts'), 'export const a = 1; export type A = 1;']),
  ),
  ...Object.fromEntries(
    Object.keys(ALL_WAYS).map((way) => [
      `src/util/circle/back/${way.replace(' ', '-')}.ts`,
      ALL_WAYS.import(`../${way.replace(' ', '-')}`),
    ]),
  ),
};

/** Imports that the rules allow, in the same nested folders. */
const ALLOWED: Planted[] = [
  ...inEachWay('allowed', 'src/cli', 'src/history/target', ALL_WAYS),
  ...inEachWay('allowed', 'src/testing', 'src/temporal/target', ALL_WAYS),
  ...inEachWay('allowed', 'src/replay/engine', '@temporalio/worker', ALL_WAYS),
  ...inEachWay('allowed', 'src/report', 'src/history/target', WAYS_OF_TYPES),
  ...inEachWay('allowed', 'src/testing/waits', 'src/replay/target', WAYS_OF_TYPES),
  ...inEachWay('allowed', 'src/testing/time', '@temporalio/worker', WAYS_OF_TYPES),
];

/** Checks a directory with these files and returns `rule file` for each violation, and for each file of a circle. */
function violations(files: Record<string, string>): string[] {
  const directory = scratchDirectory();
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, file), join(directory, file));
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), source);
  }
  const depcruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [depcruise, 'src', '--config', CONFIG, '--output-type', 'json'];
  let json: string;
  try {
    json = execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    json = (error as { stdout: string }).stdout;
  }
  const { summary } = JSON.parse(json) as {
    summary: { violations: { from: string; rule: { name: string }; cycle?: { name: string }[] }[] };
  };
  return summary.violations.flatMap(({ from, rule, cycle = [] }) =>
    [from, ...cycle.map(({ name }) => name)].map((file) => `${rule.name} ${file}`),
  );
}

describe('the import rules', () => {
  let found: Set<string>;
  beforeAll(() => {
    const planted = Object.fromEntries([...PLANTED, ...ALLOWED].map(({ file, source }) => [file, source]));
    found = new Set(violations({ ...TARGETS, ...planted }));
  });

  it.each(RULES.map(({ name }) => name))('report each violation of %s', (name) => {
    const files = PLANTED.filter(({ rule }) => rule === name).map(({ file }) => file);

    expect(files).not.toEqual([]);
    expect(files.filter((file) => !found.has(`${name} ${file}`))).toEqual([]);
  });

  it('report nothing about the imports that they allow', () => {
    const files = ALLOWED.map(({ file }) => file);

    expect([...found].filter((violation) => files.includes(violation.split(' ')[1]!))).toEqual([]);
  });
});
