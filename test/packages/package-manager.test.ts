import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageManagerOf } from '../../src/packages/package-manager';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'temporal-replay-manager-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

describe('packageManagerOf', () => {
  it.each([
    ['package-lock.json', '', 'npm', 'npm install --save-dev a b'],
    ['pnpm-lock.yaml', '', 'pnpm', 'pnpm add --save-dev a b'],
    ['yarn.lock', '# yarn lockfile v1\n', 'yarn', 'yarn add --dev a b'],
    ['yarn.lock', '__metadata:\n', 'yarn', 'yarn add --dev a b'],
    ['bun.lock', '', 'bun', 'bun add --dev a b'],
    ['bun.lockb', '', 'bun', 'bun add --dev a b'],
  ])('goes by the lockfile: %s %j', (lockfile, text, name, command) => {
    write({ [lockfile]: text });

    const manager = packageManagerOf(root);

    expect(manager).toMatchObject({ name, dir: root, lockfile });
    expect(manager.addDev('a', 'b')).toBe(command);
  });

  it.each(['{"packageManager":"pnpm@10.1.0"}', '{"devEngines":{"packageManager":{"name":"pnpm"}}}'])(
    'believes %s rather than a lockfile that another one has left',
    (manifest) => {
      write({ 'package.json': manifest, 'package-lock.json': '{}' });

      expect(packageManagerOf(root)).toMatchObject({ name: 'pnpm', lockfile: null });
    },
  );

  it.each([
    ['a workspace', { 'package.json': '{"workspaces":["packages/*"]}', 'yarn.lock': '' }, 'yarn'],
    [
      'a pnpm workspace',
      { 'pnpm-workspace.yaml': '', 'package.json': '{"packageManager":"pnpm@10"}' },
      'pnpm',
    ],
    ['a git repository', { '.git/HEAD': '', 'bun.lock': '' }, 'bun'],
  ] as const)('finds that of %s above', (_, files, name) => {
    write(files);
    write({ 'packages/orders/package.json': '{}' });

    expect(packageManagerOf(join(root, 'packages/orders'))).toMatchObject({ name, dir: root });
  });

  it('passes over a lockfile above that belongs to something else', () => {
    write({ 'yarn.lock': '', 'orders/package.json': '{}' });

    expect(packageManagerOf(join(root, 'orders'))).toMatchObject({ name: 'npm', lockfile: null });
  });

  it('tells pnpm and the classic Yarn to add to the root of a workspace, and only there', () => {
    write({ 'pnpm-workspace.yaml': '', 'pnpm-lock.yaml': '', 'packages/orders/package.json': '{}' });

    expect(packageManagerOf(root).addDev('a')).toBe('pnpm add --save-dev -w a');
    expect(packageManagerOf(join(root, 'packages/orders')).addDev('a')).toBe('pnpm add --save-dev a');
  });
});
