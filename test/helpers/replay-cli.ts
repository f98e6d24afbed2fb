import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunReport } from '../../src/model/report';

export { writeEdited } from './write-edited';

export const ROOT = resolve(__dirname, '../..');
const CLI = join(ROOT, 'lib/cli/main.js');

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface CliRun extends Promise<CliResult> {
  child: ChildProcess;
}

/** Commands that replay, whose options are those of a run. */
const REPLAYING = ['run', 'fix', 'can-deploy'];

/**
 * Trials of suggested code take seconds, so a run has none unless its test gives them time. Its results are its own, not those of another
 * test. One replay process is enough for a few histories: loading the SDK in a second one takes longer than their replay.
 */
const withDefaults = (args: readonly string[]): readonly string[] => [
  ...args,
  ...(args[0] !== 'run' || args.includes('--advice-timeout') ? [] : ['--advice-timeout', '0']),
  ...(args[0] !== 'run' || args.some((arg) => arg.endsWith('reuse-results')) ? [] : ['--no-reuse-results']),
  ...(!REPLAYING.includes(args[0] ?? '') || args.includes('--concurrency') ? [] : ['--concurrency', '1']),
];

/** Runs the built CLI as a process of its own. */
export function replay(
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; stdin?: string } = {},
): CliRun {
  const child = spawn(process.execPath, [CLI, ...withDefaults(args)], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (options.stdin !== undefined) child.stdin!.end(options.stdin);
  const done = new Promise<CliResult>((resolveRun) => {
    child.once('close', (code, signal) => resolveRun({ code, signal, stdout, stderr }));
  });
  return Object.assign(done, { child });
}

let host: ChildProcess | null = null;
let hostedCommands = 0;
afterAll(() => host?.disconnect());

/**
 * Runs a command of the built CLI in a process that all such commands of a test file share, where webpack and the SDK are loaded once.
 * It is for tests of what a command prints and returns. Signals, terminals, modules that end or change the process, and services with
 * packages of their own need {@link replay}.
 */
export function replayInHost(
  args: string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const child = (host ??= fork(join(__dirname, 'cli-host.js')));
  const id = ++hostedCommands;
  return new Promise((resolveRun, fail) => {
    const end = (): void => {
      child.off('message', take).off('exit', failed);
    };
    const take = (result: CliResult & { id: number }): void => {
      if (result.id !== id) return;
      end();
      resolveRun({ ...result, signal: null });
    };
    const failed = (): void => {
      end();
      host = null;
      fail(new Error(`The process of the commands ended during ${args.join(' ')}.`));
    };
    child.on('message', take).once('exit', failed);
    child.send({ id, args: withDefaults(args), cwd, env });
  });
}

export const reportOf = ({ stdout }: CliResult): RunReport => JSON.parse(stdout) as RunReport;

const created: string[] = [];
afterAll(() => created.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** Creates a directory for one test, inside the repository so that workflow code there finds its packages. */
export function scratchDirectory(): string {
  const parent = join(ROOT, 'test/scratch');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'test-'));
  created.push(directory);
  return directory;
}
