import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setUpOf } from '../../src/packages/set-up';

let root: string;
beforeEach(() => {
  // Outside of this repository, whose own packages would be found.
  root = mkdtempSync(join(tmpdir(), 'replay-set-up-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a repository. Texts that are objects are written as JSON. */
function repository(files: Record<string, object | string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

const service = (range: string): object => ({ dependencies: { '@temporalio/worker': range } });
const copy = (name: string, version: string, at = '.'): Record<string, object> => ({
  [join(at, 'node_modules', name, 'package.json')]: { name, version },
});
const commandIn = (files: Record<string, object | string>): string | null =>
  setUpOf(repository(files), []).command;

describe('the command that sets a repository up', () => {
  it.each([
    [
      'npm',
      'package-lock.json',
      '{ "packages": { "node_modules/@temporalio/worker": { "version": "1.20.2" } } }',
      'npm install --save-dev temporal-replay @temporalio/envconfig@1.20.2',
    ],
    [
      'pnpm',
      'pnpm-lock.yaml',
      "packages:\n  '@temporalio/worker@1.20.2':\n",
      'pnpm add --save-dev temporal-replay @temporalio/client@1.20.2 @temporalio/envconfig@1.20.2',
    ],
    [
      'Yarn',
      'yarn.lock',
      '"@temporalio/worker@npm:^1.19.0":\n  version: 1.20.2\n',
      'yarn add --dev temporal-replay @temporalio/client@1.20.2 @temporalio/envconfig@1.20.2',
    ],
    [
      'Yarn 1',
      'yarn.lock',
      '# yarn lockfile v1\n"@temporalio/worker@^1.19.0":\n  version "1.20.2"\n',
      'yarn add --dev temporal-replay @temporalio/client@1.20.2 @temporalio/envconfig@1.20.2',
    ],
    [
      'bun',
      'bun.lock',
      '"@temporalio/worker": ["@temporalio/worker@1.20.2", "", {}],',
      'bun add --dev temporal-replay @temporalio/envconfig@1.20.2',
    ],
  ])('takes the version of the lockfile of %s before anything is installed', (_, file, lock, command) => {
    expect(commandIn({ 'package.json': service('^1.19.0'), [file]: lock })).toBe(command);
  });

  it('takes the range of package.json without a lockfile', () => {
    expect(commandIn({ 'package.json': service('>=1.20.0') })).toBe(
      "npm install --save-dev temporal-replay '@temporalio/envconfig@>=1.20.0'",
    );
  });

  it('installs the SDK if nothing names it', () => {
    expect(commandIn({ 'package.json': {} })).toBe(
      'npm install --save-dev temporal-replay @temporalio/worker@1 @temporalio/envconfig@1',
    );
  });

  it('takes the installed version', () => {
    expect(
      commandIn({
        'package.json': service('^1.19.0'),
        ...copy('@temporalio/worker', '1.21.0'),
        ...copy('temporal-replay', '0.1.0'),
      }),
    ).toBe('npm install --save-dev @temporalio/envconfig@1.21.0');
  });

  it('installs at the root of a workspace what only its services have, in their version', () => {
    repository({
      'package.json': {},
      'pnpm-workspace.yaml': 'packages: [services/*]\n',
      'pnpm-lock.yaml': '',
      'services/orders/package.json': service('1.22.0'),
      ...copy('@temporalio/worker', '1.22.0', 'services/orders'),
    });

    expect(setUpOf(root, [join(root, 'services/orders')]).command).toBe(
      'pnpm add --save-dev -w temporal-replay @temporalio/client@1.22.0 @temporalio/envconfig@1.22.0',
    );
  });

  it('installs for an app whose worker is in a library what only the library has, if it cannot be found', () => {
    const files = {
      'apps/one/package.json': {},
      'libs/worker/package.json': service('1.22.0'),
    };
    const set = (own: object): string | null => {
      repository({ ...files, ...(own as Record<string, object>) });
      return setUpOf(root, [join(root, 'apps/one')], [join(root, 'libs/worker')]).command;
    };

    expect(set({ 'package.json': { packageManager: 'npm@10.0.0' } })).toBe(
      'npm install --save-dev temporal-replay @temporalio/envconfig@1.22.0',
    );
    expect(set({ 'package.json': { packageManager: 'pnpm@10.0.0' } })).toContain(
      'pnpm add --save-dev temporal-replay @temporalio/worker@1.22.0 @temporalio/client@1.22.0',
    );
  });

  it('is null if nothing is missing', () => {
    const names = ['@temporalio/worker', '@temporalio/client', '@temporalio/envconfig'];

    expect(
      commandIn({
        'package.json': service('1.22.0'),
        ...Object.assign({}, ...[...names, 'temporal-replay'].map((name) => copy(name, '1.22.0'))),
      }),
    ).toBeNull();
  });
});

describe('the problem of an SDK', () => {
  it.each([
    ['is installed', copy('@temporalio/worker', '1.8.0')],
    ['is not installed yet', {}],
  ])('is that it is too old, if it %s', (_, files) => {
    const { problem } = setUpOf(repository({ 'package.json': service('1.8.0'), ...files }), []);

    expect(problem).toMatch(/The Temporal SDK is too old.*1\.8\.0.* or newer is needed/);
  });

  it('is null for a range that allows a version that is new enough', () => {
    expect(setUpOf(repository({ 'package.json': service('^1.8.0') }), []).problem).toBeNull();
  });
});
