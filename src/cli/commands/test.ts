import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import { packageManagerOf, type PackageManager } from '../../packages/package-manager';
import { readJsonFile } from '../../util/json-file';
import { abortOnSignals, receivedSignal } from '../terminal/signals';
import type { Command } from '../command';

interface TestArgs {
  updateHistories?: boolean;
  args?: string[];
  '--'?: string[];
}

/** Runs the package's test script. It exists because test runners refuse our flags as unknown. */
export const testCommand: Command<TestArgs> = {
  builder: (yargs) =>
    yargs
      .parserConfiguration({ 'populate--': true })
      .positional('args', {
        type: 'string',
        array: true,
        describe: 'Arguments of the test runner; flags after --',
      })
      .option('updateHistories', {
        alias: 'update-histories',
        type: 'boolean',
        describe: 'Record histories anew that do not replay as compatible against the current code',
      }) as Argv<TestArgs>,
  handler: async ({ updateHistories = false, args = [], '--': flags = [] }) => {
    process.exitCode = await runTests([...args, ...flags], { cwd: process.cwd(), updateHistories });
  },
};

/** Runs the tests and returns their exit code. @throws USAGE if the package has no test script */
async function runTests(
  args: readonly string[],
  { cwd, updateHistories }: { cwd: string; updateHistories: boolean },
): Promise<number> {
  const dir = packageWithTests(cwd);
  const manager = packageManagerOf(dir);
  const env = { ...process.env, ...(updateHistories && { UPDATE_HISTORIES: '1' }) };
  const child = spawn(commandLine(manager, args), { cwd: dir, env, shell: true, stdio: 'inherit' });
  // This process ends when the tests do. Ctrl-C reaches them too, and SIGTERM only this process.
  abortOnSignals({ limited: false }).addEventListener('abort', () => {
    if (receivedSignal() === 'SIGTERM') child.kill('SIGTERM');
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** Returns the nearest directory with a package.json, if that has a test script. @throws USAGE */
function packageWithTests(cwd: string): string {
  for (let dir = cwd; ; dir = dirname(dir)) {
    const json = readJsonFile(join(dir, 'package.json'));
    if ((json?.['scripts'] as { test?: unknown } | undefined)?.test) return dir;
    if (json === null && dirname(dir) !== dir) continue;
    const where =
      json === null ? `no package.json in ${cwd} or above` : `no test script in ${join(dir, 'package.json')}`;
    throw new TemporalReplayError('USAGE', `There are no tests to run: ${where}.`, {
      hint: 'Run it in the directory of a service, or run its tests your own way with UPDATE_HISTORIES=1.',
    });
  }
}

function commandLine({ name, runScript }: PackageManager, args: readonly string[]): string {
  const separator = name === 'npm' && args.length > 0 ? ['--'] : [];
  return [runScript('test'), ...separator, ...args.map(quoted)].join(' ');
}

const quoted = (arg: string): string =>
  process.platform === 'win32' ? `"${arg.replaceAll('"', '""')}"` : `'${arg.replaceAll("'", `'\\''`)}'`;
