import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalPackages } from '../../src/packages/temporal-packages';
import { OWN_MODULES, copyPackage, linkPackages } from '../helpers/linked-packages';

let service: string;
beforeEach(async () => {
  service = await realpath(await mkdtemp(join(tmpdir(), 'temporal-replay-packages-')));
});
afterEach(() => rm(service, { recursive: true, force: true }));

describe('findTemporalPackages', () => {
  it('finds what the service has, once', async () => {
    await linkPackages(service);

    const { packages, duplicates } = findTemporalPackages(service);

    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['@temporalio/worker', '@temporalio/common']),
    );
    expect(packages.find(({ name }) => name === '@temporalio/worker')).toEqual({
      name: '@temporalio/worker',
      version: expect.stringMatching(/^1\./),
      path: await realpath(join(OWN_MODULES, '@temporalio/worker')),
    });
    expect(duplicates).toEqual([]);
  });

  it('names the paths of both copies', async () => {
    await linkPackages(service, ['proto', 'client']);
    const own = await copyPackage(service, 'proto', '.');
    const client = await copyPackage(service, 'client', '.');
    const nested = await copyPackage(service, 'common', 'node_modules/@temporalio/client');

    const { duplicates } = findTemporalPackages(service);

    const copies = Object.fromEntries(
      duplicates.map(({ name, copies }) => [name, copies.map(({ path }) => path)]),
    );
    expect(copies['@temporalio/proto']).toEqual(
      [await realpath(join(OWN_MODULES, '@temporalio/proto')), own].sort(),
    );
    expect(copies['@temporalio/common']).toEqual(
      [await realpath(join(OWN_MODULES, '@temporalio/common')), nested].sort(),
    );
    expect(copies['@temporalio/client']).toContain(client);
  });

  it('sees a copy of another dependency only when it looks deep', async () => {
    await linkPackages(service);
    const nested = await copyPackage(service, 'common', 'node_modules/@acme/shared');

    expect(findTemporalPackages(service).duplicates).toEqual([]);
    const { duplicates } = findTemporalPackages(service, { deep: true });
    expect(duplicates.map(({ name }) => name)).toEqual(['@temporalio/common']);
    expect(duplicates[0]!.copies.map(({ path }) => path)).toContain(nested);
  });
});
