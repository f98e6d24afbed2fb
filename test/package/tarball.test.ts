/** Tests the packed tarball in small services outside of the repository, installed with plain npm. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateServer } from '../../src/server/locate';
import { BOOKING_VERDICTS, replayBookings, writeBookingService } from '../helpers/booking-histories';
import { useDevServer } from '../helpers/dev-server';
import { isWhole } from '../helpers/extent';
import { installedService, sdkDependencies } from '../helpers/packed-service';
import { type PackedTarball, packTarball } from '../helpers/packed-tarball';
import { ROOT } from '../helpers/replay-cli';

/** The newest version of the SDK, and an old one that all commands support. `sdk-versions.test.ts` has others. */
const HIGHEST = '1.24.0';
const OLD = '1.14.1';
const VERSIONS = isWhole ? [HIGHEST, OLD] : [HIGHEST];
/** Ways in which TypeScript finds the types. */
const RESOLUTIONS: readonly (readonly [version: string, module: string, resolution: string])[] = [
  [HIGHEST, 'node16', 'node16'],
  [HIGHEST, 'esnext', 'bundler'],
  [HIGHEST, 'commonjs', 'node10'],
  // The types of an old SDK do not depend on the way in which they are found.
  [OLD, 'node16', 'node16'],
];
const NAMES = [
  'TemporalReplayError',
  'canDeploy',
  'defineConfig',
  'fetchHistories',
  'inspectPatches',
  'isTemporalReplayError',
  'loadHistories',
  'replayHistories',
  'startReplay',
];

/** Directory of the service with the version under test. */
let service: string;

const run = (command: string, args: string[], cwd = service): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Runs an installed command, which `npx` would find too, half a second later. */
const runBin = (name: string, args: string[]): string => run(join(service, 'node_modules/.bin', name), args);

function replay(args: string[]): { code: number; output: string } {
  try {
    return { code: 0, output: runBin('replay', args) };
  } catch (err) {
    const { status, stdout, stderr } = err as { status: number; stdout: string; stderr: string };
    return { code: status, output: stdout + stderr };
  }
}

const TEMPORAL_PACKAGES = [
  'activity',
  'client',
  'common',
  'envconfig',
  'proto',
  'testing',
  'worker',
  'workflow',
];

const TOOLS = { typescript: '^6.0.3', '@types/node': '^20.0.0', jest: '^30.0.0', vitest: '^4.0.0' };

/** Writes a service with the tarball and an SDK installed. */
async function installed(tarball: PackedTarball, version: string): Promise<string> {
  const directory = await installedService(tarball, {
    ...sdkDependencies(version, TEMPORAL_PACKAGES),
    ...TOOLS,
  });
  mkdirSync(join(directory, 'src'));
  copyFileSync(join(ROOT, 'test/services/small/workflows.ts'), join(directory, 'src/workflows.ts'));
  cpSync(join(ROOT, 'test/services/small/histories'), join(directory, 'histories'), { recursive: true });
  writeBookingService(directory);
  return directory;
}

/** Test suite for both runners: an environment with mocks, the library, and the stored histories. */
function writeSuite(): void {
  const files = {
    'jest.config.js':
      "module.exports = { preset: 'temporal-replay', testTimeout: 120_000, testMatch: ['**/test/*.test.ts'] };",
    'vitest.config.mts': `import { temporalReplay } from 'temporal-replay/vitest';
export default { plugins: [temporalReplay()], test: { include: ['test/*.test.ts'], globals: true } };`,
    'test/simple.test.ts': `import { loadHistories, replayHistories } from 'temporal-replay';
import { createTestEnvironment, describeReplay, mockActivities } from 'temporal-replay/testing';

interface Activities {
  act(value: unknown): Promise<unknown>;
  act2(value: unknown): Promise<unknown>;
  la(value: unknown): Promise<unknown>;
}
const workflowsPath = 'src/unchanged.ts';

it('runs a workflow with mocks, a local one among them, and replays it', async () => {
  const activities = mockActivities<Activities>({
    act: async () => 1,
    act2: async () => 2,
    la: async () => 3,
  });
  activities.act.failTimes(1);
  const env = await createTestEnvironment({ workflowsPath, activities });
  const handle = await env.start('simple', { args: [{ n: 1 }] });

  expect(await handle.result()).toBe('timeout');
  expect(activities.act).toHaveBeenCalledTimes(2);
  await expect(handle).toReplay();
  await env.teardown();
});

it('replays stored histories with the library', async () => {
  const { summary } = await replayHistories({ histories: loadHistories({ paths: ['histories'] }), workflowsPath });

  expect(summary).toMatchObject({ histories: 7, compatible: 7 });
});

describeReplay('stored', { histories: 'histories/c1.json', workflowsPath });
`,
  };
  mkdirSync(join(service, 'test'), { recursive: true });
  copyFileSync(join(ROOT, 'test/services/small/workflows.ts'), join(service, 'src/unchanged.ts'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(service, file), text);
}

/** Returns jest's report, which goes to standard error. */
const runBoth = (bin: string, args: string[]): string =>
  run('sh', [
    '-c',
    'NO_COLOR=1 FORCE_COLOR=0 "$0" "$@" 2>&1 || true',
    join(service, 'node_modules/.bin', bin),
    ...args,
  ]);

let tarball: PackedTarball;
let services: ReadonlyMap<string, string>;
beforeAll(async () => {
  tarball = packTarball();
  // They are installed at once, since installing mostly waits for the disk and the registry.
  services = new Map(
    await Promise.all(VERSIONS.map(async (version) => [version, await installed(tarball, version)] as const)),
  );
}, 240_000);

afterAll(() => {
  tarball.remove();
  for (const directory of services.values()) rmSync(directory, { recursive: true, force: true });
});

describe('the packed tarball', () => {
  it('holds the built code, the schemas and the documents, and nothing else', () => {
    const others = tarball.files.filter(
      (file) =>
        !/^(lib|docs|schemas|templates)\/|^action\.yml$|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(
          file,
        ),
    );
    expect(others).toEqual([]);
  });

  it('holds every page of the documentation and its pictures', () => {
    const documents = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.\w+$/.test(file))
      .map((file) => `docs/${file}`);

    expect(documents).toEqual(expect.arrayContaining(['docs/README.md', 'docs/images/report-dark.svg']));
    expect(documents.filter((file) => !tarball.files.includes(file))).toEqual([]);
  });
});

describe.each(VERSIONS)('the packed tarball in a fresh service with SDK %s', (version) => {
  beforeAll(() => {
    service = services.get(version)!;
  });

  it('passes on unchanged code, and fails after a breaking change', () => {
    const green = replay(['run', '--workflows-path', 'src/workflows.ts']);
    run('sed', ['s/await act(i)/await act2(i)/', 'src/workflows.ts', '-i']);
    const red = replay(['run', '--workflows-path', 'src/workflows.ts']);

    expect(green.output).toContain('7 histories: 7 compatible');
    expect(green.code).toBe(0);
    expect(red.output).toContain('5 compatible, 2 incompatible');
    expect(red.code).toBe(1);
  });

  it('gives each history the verdict that it has alone, with the line of the code', async () => {
    const verdicts = await replayBookings(service);

    // The old one was released before the SDK's bundler worked with the newest webpack.
    expect(verdicts).toEqual({ ...BOOKING_VERDICTS, sharesModuleState: version === OLD });
  });

  it('is found by npx', () => {
    expect(run('npx', ['--no-install', 'temporal-replay', '--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('exports the same names to require and to import', () => {
    const print =
      'console.log(JSON.stringify(Object.keys(api).filter((name) => name !== "default" && name !== "module.exports" && name !== "__esModule").sort()))';

    const required = run('node', ['-e', `const api = require('temporal-replay'); ${print}`]);
    const imported = run('node', [
      '--input-type=module',
      '-e',
      `import * as api from 'temporal-replay'; ${print}`,
    ]);

    expect(JSON.parse(required)).toEqual(NAMES);
    expect(JSON.parse(imported)).toEqual(NAMES);
  });

  it.each([
    ['jest', 'jest', ['--config', 'jest.config.js'], /Tests: +3 passed, 3 total/],
    ['vitest', 'vitest', ['run', '--config', 'vitest.config.mts'], /Tests +3 passed \(3\)/],
  ])('tests its workflows with %s', (_, bin, args, passed) => {
    writeSuite();

    const output = runBoth(bin, args);

    expect(output).toMatch(passed);
    expect(output).not.toContain('Sourcemap');
  });

  describe('with a cluster', () => {
    const env = useDevServer();

    it('fetches histories as the Temporal CLI prints them, byte for byte', async () => {
      const { address, client } = env();
      await client.workflow.start('anything', {
        taskQueue: 'nobody',
        workflowId: 'fetched-one',
        args: [{ text: 'é😀', n: 1.5 }, Buffer.from([0, 1, 255])],
        memo: { a: [1], z: null },
        workflowRunTimeout: '90.5s',
        retry: { maximumAttempts: 2, backoffCoefficient: 2.25, nonRetryableErrorTypes: ['A'] },
      });

      const { code, output } = replay([
        ...['fetch', '--address', address, '--workflow-id', 'fetched-one', '--out', 'fetched'],
      ]);

      expect(output).toContain('anything');
      expect(code).toBe(0);
      const [file] = readdirSync(join(service, 'fetched/anything'));
      expect(file).toMatch(/^fetched-one_.*\.json$/);
      const server = await locateServer('dev-server');
      if (server.download) throw new Error('The dev server of this test was started from an executable.');
      const shown = ['workflow', 'show', '--output', 'json', '--workflow-id', 'fetched-one'];
      expect(readFileSync(join(service, 'fetched/anything', file!), 'utf8')).toBe(
        run(server.path, [...shown, '--address', address]),
      );
    });
  });

  it('reads and writes the recorded histories without a change', () => {
    const script = `
      const { readFileSync } = require('node:fs');
      const { encodeHistory } = require('./node_modules/temporal-replay/lib/history/encode.js');
      const { decodeHistories } = require('./node_modules/temporal-replay/lib/history/decode.js');
      const texts = process.argv.slice(1).map((file) => readFileSync(file, 'utf8'));
      const isPart = (part, whole) => typeof part === 'object'
        ? Object.keys(part).every((key) => Object.hasOwn(whole ?? {}, key) && isPart(part[key], whole[key]))
        : part === whole;
      const written = texts.map((text) => encodeHistory([...decodeHistories({ file: 'h.json', bytes: Buffer.from(text) })][0].history));
      const changed = texts.map((_, i) => i).filter((i) => written[i] !== texts[i]);
      console.log(texts.length - changed.length, changed.every((i) => isPart(JSON.parse(written[i]), JSON.parse(texts[i]))));`;
    const files = readdirSync(join(ROOT, 'histories'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => join(ROOT, 'histories', file));

    const [unchanged, othersLackFieldsOnly] = run('node', ['-e', script, ...files])
      .trim()
      .split(' ');

    // An SDK does not know the fields that servers have recorded since its release.
    expect(Number(unchanged)).toBeGreaterThanOrEqual(80);
    expect(othersLackFieldsOnly).toBe('true');
  });
});

describe('the types of the packed tarball', () => {
  it.each(RESOLUTIONS.filter(([version]) => VERSIONS.includes(version)))(
    'fit SDK %s with module %s, resolution %s',
    (version, module, moduleResolution) => {
      service = services.get(version)!;
      writeFileSync(
        join(service, 'use.ts'),
        `import { defineConfig, loadHistories, replayHistories, type RunReport } from 'temporal-replay';
import preset from 'temporal-replay/jest-preset';
import { createTestEnvironment } from 'temporal-replay/testing';
import { temporalReplay } from 'temporal-replay/vitest';
export const others: [string, object] = [temporalReplay().name, preset];
// @ts-expect-error no such option
void createTestEnvironment({ workflowPath: 'x' });
export default defineConfig({ workflowsPath: 'src/workflows.ts', timeout: '30s' });
export const report: Promise<RunReport> = replayHistories({ histories: loadHistories({ paths: ['histories'] }), workflowsPath: 'x' });
// @ts-expect-error no such option
defineConfig({ workflowPath: 'x' });
`,
      );

      const args = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--types', 'node'];
      args.push('--esModuleInterop', '--ignoreDeprecations', '6.0');
      const output = runBin('tsc', [
        ...args,
        '--module',
        module,
        '--moduleResolution',
        moduleResolution,
        'use.ts',
      ]);

      expect(output).toBe('');
    },
  );
});

describe('the peer dependencies', () => {
  it('let every SDK be installed beside, and add none', () => {
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as { peerDependencies: Record<string, string>; peerDependenciesMeta: Record<string, object> };

    const names = Object.keys(peerDependencies);
    expect(names.sort()).toEqual(TEMPORAL_PACKAGES.map((name) => `@temporalio/${name}`));
    // An SDK that is too old is reported by us; npm would refuse the install in forty lines that do not say so.
    expect(new Set(Object.values(peerDependencies))).toEqual(new Set(['>=1 <2']));
    // npm and pnpm install peers that are not optional, in their newest version, which brings a second SDK.
    // pnpm and Yarn take vitest as a peer of any version; npm 10 fails on its cyclic peers, so it is not told of it.
    expect(peerDependenciesMeta).toEqual(
      Object.fromEntries([...names, 'vitest'].map((name) => [name, { optional: true }])),
    );
    expect(require('@temporalio/worker/package.json')).toMatchObject({ version: HIGHEST });
  });
});
