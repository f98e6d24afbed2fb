/**
 * Installs the packed tarball with each package manager in a service that lists what most do: worker, workflow, client and activity.
 * The two strict ones always run; TEST_INSTALLERS=all adds the others, as the nightly workflow does.
 */
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
import { dirname, join } from 'node:path';
import { type PackedTarball, packTarball } from '../helpers/packed-tarball';
import { ROOT } from '../helpers/replay-cli';

/** An SDK that is not the newest one: an install must not move it. */
const SDK = '1.23.0';
const LISTED = ['worker', 'workflow', 'client', 'activity'];

interface Installer {
  /** Packages of npm that hold the package manager, with the versions. */
  from: readonly string[];
  /** Its executable: a script for Node, or a binary. */
  bin: string;
  /** Files of the service that set it up. */
  files?: Readonly<Record<string, string>>;
  lockfile: string;
  install: readonly string[];
  add: readonly string[];
  /** Arguments that run an installed command. */
  exec: readonly string[];
  /** The command in an error for a package that is missing. */
  hint: string;
}

const yarn = (linker: string): Installer => ({
  from: ['@yarnpkg/cli-dist@4'],
  bin: '@yarnpkg/cli-dist/bin/yarn.js',
  files: {
    '.yarnrc.yml': `nodeLinker: ${linker}\nenableScripts: false\nenableTelemetry: false\n`,
    'yarn.lock': '',
  },
  lockfile: 'yarn.lock',
  install: ['install'],
  add: ['add', '--dev'],
  exec: ['exec'],
  hint: 'yarn add --dev @temporalio/envconfig@1.23.0',
});

const pnpm = (files: Record<string, string>): Installer => ({
  from: ['pnpm@10'],
  bin: 'pnpm/bin/pnpm.cjs',
  files,
  lockfile: 'pnpm-lock.yaml',
  install: ['install', '--ignore-scripts', '--prefer-offline'],
  add: ['add', '--save-dev', '--ignore-scripts', '--prefer-offline'],
  exec: ['exec'],
  hint: 'pnpm add --save-dev @temporalio/envconfig@1.23.0',
});

const npm = (version: string): Installer => ({
  from: [`npm@${version}`],
  bin: 'npm/bin/npm-cli.js',
  lockfile: 'package-lock.json',
  install: ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
  add: ['install', '--save-dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
  exec: ['exec', '--no', '--'],
  hint: 'npm install --save-dev @temporalio/envconfig@1.23.0',
});

const bun: Installer = {
  from: [`@oven/bun-${process.platform}-${process.arch}@1`],
  bin: `@oven/bun-${process.platform}-${process.arch}/bin/bun`,
  lockfile: 'bun.lock',
  install: ['install', '--ignore-scripts'],
  add: ['add', '--dev', '--ignore-scripts'],
  exec: ['x', '--no-install'],
  hint: 'bun add --dev @temporalio/envconfig@1.23.0',
};

const STRICT: readonly (readonly [string, Installer])[] = [
  ['pnpm without hoisting', pnpm({ '.npmrc': 'hoist=false\n' })],
  ["Yarn's Plug'n'Play", yarn('pnp')],
];
const OTHERS: readonly (readonly [string, Installer])[] = [
  ['npm 10', npm('10')],
  ['npm 11', npm('11')],
  ['pnpm', pnpm({})],
  ["Yarn's node-modules linker", yarn('node-modules')],
  ['bun', bun],
];

let tarball: PackedTarball;
let directory: string;
beforeAll(() => {
  tarball = packTarball();
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'replay-installers-')));
});
afterAll(() => {
  tarball.remove();
  rmSync(directory, { recursive: true, force: true });
});

/** Writes a service without any of this package's needs but a worker. */
function writeService(name: string, files: Readonly<Record<string, string>> = {}): string {
  const service = join(directory, name.replace(/\W+/g, '-'));
  mkdirSync(join(service, 'src'), { recursive: true });
  const dependencies = Object.fromEntries(LISTED.map((short) => [`@temporalio/${short}`, SDK]));
  writeFileSync(
    join(service, 'package.json'),
    JSON.stringify({ name: 'service', private: true, dependencies }),
  );
  for (const [file, text] of Object.entries(files)) writeFileSync(join(service, file), text);
  copyFileSync(join(ROOT, 'test/services/small/workflows.ts'), join(service, 'src/workflows.ts'));
  cpSync(join(ROOT, 'test/services/small/histories'), join(service, 'histories'), { recursive: true });
  return service;
}

/** Installs a package manager from npm and returns a function that runs it in a service. */
function executableOf({ from, bin }: Installer): (args: readonly string[], cwd: string) => Output {
  const prefix = join(directory, 'managers', from.join('+').replace(/\W+/g, '-'));
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...from], { cwd: prefix });
  const path = join(prefix, 'node_modules', bin);
  const command = /\.[cm]?js$/.test(bin) ? [process.execPath, path] : [path];
  // Settings of the package manager that runs the tests would reach the other one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const PATH = `${dirname(path)}:${process.env['PATH']}`;
  return (args, cwd) => run([...command, ...args], { cwd, env: { ...env, PATH, CI: '' } });
}

interface Output {
  code: number;
  output: string;
}

function run([file, ...args]: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Output {
  try {
    const output = execFileSync(file!, args, {
      ...options,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: 0, output };
  } catch (err) {
    const { status, stdout, stderr } = err as { status: number; stdout: string; stderr: string };
    return { code: status, output: stdout + stderr };
  }
}

/** Returns the Temporal packages that a lockfile names, each with its version. */
const sdkIn = (lockfile: string): string[] => [
  ...new Set(
    [
      ...readFileSync(lockfile, 'utf8').matchAll(
        /@temporalio\/([a-z-]+)(?:@(?:npm:)?|": \{\s*"version": ")(\d+\.\d+\.\d+)/g,
      ),
    ].map(([, name, version]) => `${name}@${version}`),
  ),
];

describe.each(process.env['TEST_INSTALLERS'] === 'all' ? [...STRICT, ...OTHERS] : STRICT)(
  'installed with %s',
  (name, installer) => {
    it('replays with the SDK of the service, moves none of it, and says how to add what a fetch needs', () => {
      const service = writeService(name, installer.files);
      const manager = executableOf(installer);
      const installed = manager(installer.install, service);
      const before = sdkIn(join(service, installer.lockfile));

      const added = manager([...installer.add, `temporal-replay@file:${tarball.path}`], service);
      const replayed = manager(
        [...installer.exec, 'replay', 'run', '--workflows-path', 'src/workflows.ts'],
        service,
      );
      const fetched = manager([...installer.exec, 'replay', 'fetch', '--workflow-id', 'any'], service);

      expect(installed).toMatchObject({ code: 0 });
      expect(added).toMatchObject({ code: 0 });
      expect(before).toEqual(expect.arrayContaining([`worker@${SDK}`, `proto@${SDK}`]));
      expect(sdkIn(join(service, installer.lockfile)).sort()).toEqual(before.sort());
      expect(replayed.output).toContain('7 histories: 7 compatible');
      expect(replayed.code).toBe(0);
      expect(fetched.output).toContain(installer.hint);
      expect(fetched.code).not.toBe(0);
    }, 300_000);
  },
);
