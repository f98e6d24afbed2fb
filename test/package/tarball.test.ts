/** What works only inside of the repository does not work: the packed tarball beside a small service, by plain npm. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDevServer } from '../helpers/dev-server';
import { ROOT } from '../helpers/replay-cli';

/** Both ends of the peer range. */
const LOWEST = '1.14.1';
const HIGHEST = '1.24.0';
const NAMES = [
  'TemporalReplayError',
  'defineConfig',
  'fetchHistories',
  'isTemporalReplayError',
  'loadHistories',
  'replayHistories',
  'startReplay',
];

let service: string;
let tarball: string;

const run = (command: string, args: string[], cwd = service): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function replay(args: string[]): { code: number; output: string } {
  try {
    return { code: 0, output: run('npx', ['--no-install', 'replay', ...args]) };
  } catch (err) {
    const { status, stdout, stderr } = err as { status: number; stdout: string; stderr: string };
    return { code: status, output: stdout + stderr };
  }
}

describe.each([HIGHEST, LOWEST])('the packed tarball in a fresh service with SDK %s', (version) => {
  beforeAll(() => {
    service = realpathSync(mkdtempSync(join(tmpdir(), 'replay-package-')));
    const [packed] = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', service], ROOT),
    ) as { filename: string; files: { path: string }[] }[];
    tarball = packed!.filename;
    writeFileSync(join(service, 'files.json'), JSON.stringify(packed!.files.map((file) => file.path)));
    const dependencies = Object.fromEntries(
      ['activity', 'client', 'common', 'envconfig', 'proto', 'testing', 'worker', 'workflow'].map((name) => [
        `@temporalio/${name}`,
        version,
      ]),
    );
    const devDependencies = {
      'temporal-replay': `file:${tarball}`,
      typescript: '^6.0.3',
      '@types/node': '^20.0.0',
    };
    writeFileSync(
      join(service, 'package.json'),
      JSON.stringify({ name: 'service', private: true, dependencies, devDependencies }),
    );
    run('npm', ['install', '--no-fund', '--no-audit']);
    mkdirSync(join(service, 'src'));
    copyFileSync(join(ROOT, 'test/services/small/workflows.ts'), join(service, 'src/workflows.ts'));
    cpSync(join(ROOT, 'test/services/small/histories'), join(service, 'histories'), { recursive: true });
  }, 240_000);

  afterAll(() => rmSync(service, { recursive: true, force: true }));

  it('holds the built code, the schema and the texts, and nothing else', () => {
    const files = JSON.parse(run('cat', ['files.json'])) as string[];

    const others = files.filter(
      (file) =>
        !/^(lib|schemas|templates)\/|^action\.yml$|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(
          file,
        ),
    );
    expect(others).toEqual([]);
  });

  it('replays green, and red after a breaking change', () => {
    const green = replay(['run', '--workflows-path', 'src/workflows.ts']);
    run('sed', ['s/await act(i)/await act2(i)/', 'src/workflows.ts', '-i']);
    const red = replay(['run', '--workflows-path', 'src/workflows.ts']);

    expect(green.output).toContain('7 histories: 7 compatible');
    expect(green.code).toBe(0);
    expect(red.output).toContain('5 compatible, 2 incompatible');
    expect(red.code).toBe(1);
  });

  it('is loaded by require and by import, with the same names', () => {
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
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('has types that resolve with module %s, resolution %s', (module, moduleResolution) => {
    writeFileSync(
      join(service, 'use.ts'),
      `import { defineConfig, loadHistories, replayHistories, type RunReport } from 'temporal-replay';
export default defineConfig({ workflowsPath: 'src/workflows.ts', timeout: '30s' });
export const report: Promise<RunReport> = replayHistories({ histories: loadHistories({ paths: ['histories'] }), workflowsPath: 'x' });
// @ts-expect-error no such option
defineConfig({ workflowPath: 'x' });
`,
    );

    const args = ['tsc', '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--types', 'node'];
    const output = run('npx', [
      ...args,
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
      'use.ts',
    ]);

    expect(output).toBe('');
  });

  describe('with a cluster', () => {
    const env = useDevServer();

    it('fetches', async () => {
      await env().client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'fetched-one' });

      const { code, output } = replay([
        'fetch',
        '--address',
        env().address,
        '--workflow-id',
        'fetched-one',
        '--out',
        'fetched',
      ]);

      expect(output).toContain('anything');
      expect(code).toBe(0);
      expect(run('ls', ['fetched/anything'])).toMatch(/^fetched-one_.*\.json$/m);
    });
  });
});

describe('the peer range', () => {
  it('is what is tested here', () => {
    const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      peerDependencies: Record<string, string>;
    };

    expect(new Set(Object.values(peerDependencies))).toEqual(new Set([`>=${LOWEST} <2`]));
    expect(require('@temporalio/worker/package.json')).toMatchObject({ version: HIGHEST });
  });
});
