import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalPackages } from '../../src/packages/temporal-packages';

const ownModules = join(__dirname, '../../node_modules');

let service: string;
beforeEach(async () => {
  service = await realpath(await mkdtemp(join(tmpdir(), 'temporal-replay-packages-')));
});
afterEach(() => rm(service, { recursive: true, force: true }));

/** Links the real packages into the service, except for some. */
async function linkPackages(without: string[] = []): Promise<void> {
  const scope = join(service, 'node_modules/@temporalio');
  await mkdir(scope, { recursive: true });
  for (const name of ['client', 'common', 'envconfig', 'proto', 'testing', 'worker', 'workflow']) {
    if (!without.includes(name)) await symlink(join(ownModules, '@temporalio', name), join(scope, name));
  }
}

async function copyPackage(name: string, to: string): Promise<string> {
  const directory = join(service, to, 'node_modules/@temporalio', name);
  await mkdir(directory, { recursive: true });
  await cp(join(ownModules, '@temporalio', name, 'package.json'), join(directory, 'package.json'));
  return directory;
}

describe('findTemporalPackages', () => {
  it('finds what the service has, once', async () => {
    await linkPackages();

    const { packages, duplicates } = findTemporalPackages(service);

    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['@temporalio/worker', '@temporalio/common']),
    );
    expect(packages.find(({ name }) => name === '@temporalio/worker')).toEqual({
      name: '@temporalio/worker',
      version: expect.stringMatching(/^1\./),
      path: await realpath(join(ownModules, '@temporalio/worker')),
    });
    expect(duplicates).toEqual([]);
  });

  it('names the paths of both copies', async () => {
    await linkPackages(['proto', 'client']);
    const own = await copyPackage('proto', '.');
    const client = await copyPackage('client', '.');
    const nested = await copyPackage('common', 'node_modules/@temporalio/client');

    const { duplicates } = findTemporalPackages(service);

    const copies = Object.fromEntries(
      duplicates.map(({ name, copies }) => [name, copies.map(({ path }) => path)]),
    );
    expect(copies['@temporalio/proto']).toEqual(
      [await realpath(join(ownModules, '@temporalio/proto')), own].sort(),
    );
    expect(copies['@temporalio/common']).toEqual(
      [await realpath(join(ownModules, '@temporalio/common')), nested].sort(),
    );
    expect(copies['@temporalio/client']).toContain(client);
  });

  it('sees a copy of another dependency only when it looks deep', async () => {
    await linkPackages();
    const nested = await copyPackage('common', 'node_modules/@acme/shared');

    expect(findTemporalPackages(service).duplicates).toEqual([]);
    const { duplicates } = findTemporalPackages(service, { deep: true });
    expect(duplicates.map(({ name }) => name)).toEqual(['@temporalio/common']);
    expect(duplicates[0]!.copies.map(({ path }) => path)).toContain(nested);
  });
});
