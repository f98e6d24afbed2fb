import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import { readJsonFile } from '../../init/json-file';
import { type PackageManager, packageManagerOf } from '../../init/package-manager';
import { gitRootOf } from '../../init/source-files';
import type { Command } from '../command';

interface TestArgs {
  updateHistories?: boolean;
  args?: string[];
  '--'?: string[];
}

/** Test runners refuse flags that they do not know: this is the place for one of ours. */
export const testCommand: Command<TestArgs> = {
  builder: (yargs) =>
    yargs
      .parserConfiguration({ 'populate--': true })
      .positional('args', {
        type: 'string',
        array: true,
        describe: 'Given to the test runner; flags after --',
      })
      .option('updateHistories', {
        alias: 'update-histories',
        type: 'boolean',
        describe: 'Record those anew that the current code does not replay as compatible',
      }) as Argv<TestArgs>,
  handler: async ({ updateHistories = false, args = [], '--': flags = [] }) => {
    process.exitCode = await runTests([...args, ...flags], { cwd: process.cwd(), updateHistories });
  },
};

/** @returns the exit code of the tests @throws USAGE where the package has no test script */
async function runTests(
  args: readonly string[],
  { cwd, updateHistories }: { cwd: string; updateHistories: boolean },
): Promise<number> {
  const dir = packageWithTests(cwd);
  const manager = packageManagerOf({ root: dir, gitRoot: gitRootOf(dir) ?? dir });
  const env = { ...process.env, ...(updateHistories && { UPDATE_HISTORIES: '1' }) };
  // Ctrl-C reaches the tests too: this process ends with them.
  process.on('SIGINT', () => undefined);
  const child = spawn(commandLine(manager, args), { cwd: dir, env, shell: true, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** The package of a folder, by the nearest package.json. */
function packageWithTests(cwd: string): string {
  for (let dir = cwd; ; dir = dirname(dir)) {
    const json = readJsonFile(join(dir, 'package.json'));
    if ((json?.['scripts'] as { test?: unknown } | undefined)?.test) return dir;
    if (json === null && dirname(dir) !== dir) continue;
    const where =
      json === null ? `no package.json in ${cwd} or above` : `no test script in ${join(dir, 'package.json')}`;
    throw new TemporalReplayError('USAGE', `There are no tests to run: ${where}.`, {
      hint: 'Run it in a service, or set UPDATE_HISTORIES=1 and run its tests as you do.',
    });
  }
}

function commandLine({ name, runScript }: PackageManager, args: readonly string[]): string {
  const separator = name === 'npm' && args.length > 0 ? ['--'] : [];
  return [runScript('test'), ...separator, ...args.map(quoted)].join(' ');
}

const quoted = (arg: string): string =>
  process.platform === 'win32' ? `"${arg.replaceAll('"', '""')}"` : `'${arg.replaceAll("'", `'\\''`)}'`;
