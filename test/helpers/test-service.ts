/** Small services as users have them, whose test suites run as processes of their own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { ROOT, scratchDirectory } from './replay-cli';

export interface SuiteRun {
  code: number | null;
  output: string;
}

/** Writes a service whose node_modules has the built package. Other packages are found in the repository's. */
export function writeService(files: Readonly<Record<string, string>>): string {
  const directory = scratchDirectory();
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(ROOT, join(directory, 'node_modules/temporal-replay'), 'junction');
  for (const [file, text] of Object.entries(files)) {
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return directory;
}

/** Runs a test runner, and returns its output without colours. */
export function runSuite(
  directory: string,
  [script, ...args]: [script: string, ...args: string[]],
  env: NodeJS.ProcessEnv = {},
): Promise<SuiteRun> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: directory,
    env: { ...process.env, CI: '', NO_COLOR: '1', FORCE_COLOR: '0', JEST_WORKER_ID: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}

export const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
export const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

const INSTALLED = join(ROOT, 'node_modules/.cache/temporal-replay-tests');

/** Installs the last jest 29, which the repository itself does not use. */
export const installJest29 = async (): Promise<string> =>
  join(await installed('jest-29', ['jest@29.7.0']), 'jest/bin/jest.js');

/** Installs a version of vitest with both of its coverage providers, which the repository does not have. */
export const installVitest = (version: string): Promise<string> =>
  installed(
    `vitest-${version}`,
    ['vitest', '@vitest/coverage-v8', '@vitest/coverage-istanbul'].map((name) => `${name}@${version}`),
  );

/** Installs packages that stay from one run of the tests to the next, and returns their node_modules. */
async function installed(name: string, packages: readonly string[]): Promise<string> {
  const directory = join(INSTALLED, name);
  const done = join(directory, 'installed');
  if (existsSync(done)) return join(directory, 'node_modules');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  const npm = join(dirname(process.execPath), 'npm');
  const { code, output } = await runSuite(directory, [
    ...([
      '-e',
      `require('node:child_process').execFileSync(process.argv[1], process.argv.slice(2))`,
    ] as const),
    existsSync(npm) ? npm : 'npm',
    ...['install', '--no-fund', '--no-audit', '--prefer-offline', ...packages],
  ]);
  if (code !== 0) throw new Error(output);
  writeFileSync(done, '');
  return join(directory, 'node_modules');
}

/** Returns true if a process listens at `host:port`. */
export function isListening(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((done) => {
    const socket = connect(Number(port), host!, () => done(true));
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => done(false));
  });
}

export const WORKFLOWS = `import { log, patched, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type * as activities from './activities';

const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export async function order(id: string): Promise<string> {
  log.info('charging', { id });
  if (patched('grace')) await sleep('3 days');
  return charge({ id, cents: 5 });
}

/** Does something different when it is replayed. */
export async function fickle(): Promise<void> {
  const { isReplaying } = workflowInfo().unsafe;

  if (isReplaying) await sleep('1 minute');
  else await charge({ id: 'x', cents: 1 });
}

export async function throws(): Promise<void> {
  await sleep(1);
  (undefined as unknown as { x: () => void }).x();
}
`;

export const ACTIVITIES = `import { receipt } from './receipt';
export async function charge({ id }: { id: string; cents: number }): Promise<string> {
  return receipt(id);
}
`;

export const RECEIPT = `export const receipt = (id: string): string => \`real \${id}\`;
`;
