import type { Argv } from 'yargs';
import { isTemporalReplayError } from '../../errors';
import type { HistorySource } from '../../model/history';
import type { FlagArgs } from '../../options/flags';
import { mergeConnection, replayOptionsOf } from '../../options/merge';
import type { Settings } from '../../options/read-settings';
import type { Screen } from '../../report/screen';
import { jsonText } from '../../report/text/json-text';
import { paintFor } from '../../report/text/paint';
import { patchesLines } from '../../report/text/patches-text';
import { historiesInFiles } from '../../run/history-sources';
import { canAnyAdvance } from '../../versions/patches/patch-report';
import { type InspectedPatches, type PatchScope, inspectPatches } from '../../versions/patches/patches';
import { deployedVersion } from '../../versions/reach';
import type { Command } from '../command';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { processScreen } from '../terminal/screen';
import { abortOnSignals, exitCodeOfSignal } from '../terminal/signals';

type PatchArgs = FlagArgs<'connection' | 'code' | 'patches'>;

interface ListArgs extends PatchArgs {
  json?: boolean;
  failOnRemovable?: boolean;
}

const DEFAULT_COLUMNS = 100;

export const patchesCommand: Command<ListArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'connection', 'code', 'patches')
      .describe('query', 'Visibility list filter that narrows down the runs')
      .option('json', { type: 'boolean', describe: 'Print the table as JSON' })
      .option('fail-on-removable', {
        type: 'boolean',
        describe: 'Exit with 1 if a patch can be deprecated or removed, for a weekly job',
      })
      .example('$0 patches --fail-on-removable', 'in a weekly job') as Argv<ListArgs>,
  handler: async (args) => {
    process.exitCode = await listPatches(args, processScreen());
  },
};

/** Prints the table of patches and returns the exit code. */
async function listPatches(args: ListArgs, screen: Screen): Promise<number> {
  const cwd = process.cwd();
  const { report, interrupted } = await inspected(args, await settingsOf(args, cwd));
  if (interrupted !== null) return interrupted;
  if (args.json) screen.document(jsonText(report));
  else
    screen.print(
      patchesLines(report, { width: screen.columns ?? DEFAULT_COLUMNS, paint: paintFor(screen.color) }),
    );
  return args.failOnRemovable && canAnyAdvance(report) ? 1 : 0;
}

/** Looks up the patches of the code. The exit code is set if a signal has ended that. */
async function inspected(
  args: PatchArgs,
  { config, cwd }: Settings,
): Promise<InspectedPatches & { interrupted: number | null }> {
  const signal = abortOnSignals();
  const { query = null, buildId, deployment, corpusOnly = false } = args;
  const scope: PatchScope = {
    corpus: await corpusOf(config.histories, cwd, signal),
    cluster: corpusOnly ? null : { connection: mergeConnection(args, config), query },
    version: buildId === undefined ? null : deployedVersion(deployment, buildId),
  };
  const found = await inspectPatches({ ...replayOptionsOf(config), cwd, signal }, scope);
  return { ...found, interrupted: exitCodeOfSignal() };
}

/** Lists the histories of the corpus. A team that has none yet has patches all the same. */
async function corpusOf(
  paths: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<HistorySource[]> {
  try {
    return await historiesInFiles(paths, cwd, signal);
  } catch (err) {
    if (isTemporalReplayError(err) && err.code === 'NO_HISTORIES') return [];
    throw err;
  }
}
