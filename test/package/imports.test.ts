/** Checks that each package that the built code imports is a dependency, or a peer that is resolved from the service. */
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../helpers/replay-cli';

/** Packages of test runners, and the files that only they load, or that add types to theirs where they are installed. */
const OF_RUNNERS: Readonly<Record<string, RegExp>> = {
  '@jest/globals': /^jest\/setup\./,
  expect: /^testing\/matchers\/types\.d\.ts$/,
  vitest: /^(vitest\/setup\.|testing\/matchers\/types\.d\.ts$)/,
};
/** Node's own internals, which a thread of its own loads: `docs/architecture.md` says why. */
const OF_NODE: Readonly<Record<string, RegExp>> = { internal: /^cli\/terminal\/signal-thread\.js$/ };
/** Types of files that no export of this package leads to. */
const OF_INTERNAL_TYPES = ['@typescript-eslint/types'];

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
const files = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(js|mjs|d\.ts|d\.mts)$/.test(file),
);

/** Returns the names of the packages that a file imports, requires or resolves. */
function packagesOf(file: string): string[] {
  const text = readFileSync(join(ROOT, 'lib', file), 'utf8');
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const resolved = [...text.matchAll(/require\.resolve\((['"])(.+?)\1\)/g)].map(([, , path]) => path!);
  return [...imported, ...resolved]
    .filter((path) => !path.startsWith('.') && !path.startsWith('node:') && !builtinModules.includes(path))
    .map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)![0]);
}

const imports = files.flatMap((file) => packagesOf(file).map((name) => ({ file, name })));

describe('the built code', () => {
  it('imports no package but dependencies, peers and the runner that loads the file', () => {
    const others = imports.filter(
      ({ file, name }) =>
        !(name in manifest.dependencies) &&
        !(name in manifest.peerDependencies) &&
        OF_RUNNERS[name]?.test(file) !== true &&
        OF_NODE[name]?.test(file) !== true &&
        !(file.endsWith('.d.ts') && OF_INTERNAL_TYPES.includes(name)),
    );

    expect(others).toEqual([]);
  });

  it('imports every dependency and every peer', () => {
    const imported = new Set(imports.map(({ name }) => name));
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];

    expect(declared.filter((name) => !imported.has(name))).toEqual([]);
  });

  it.each([
    ['@temporalio/envconfig', ['fetch/profile.js']],
    ['@temporalio/testing', ['server/start.js']],
  ])('needs %s in one place, which a replay of files does not load', (name, places) => {
    const found = imports.filter((found) => found.name === name && found.file.endsWith('.js'));

    expect([...new Set(found.map(({ file }) => file))]).toEqual(places);
  });
});
