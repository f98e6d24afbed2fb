import type { Argv, CommandModule } from 'yargs';
import { isTemporalReplayError } from '../../errors';
import type { HistorySource } from '../../model/history';
import type { FlagArgs } from '../../options/flags';
import { mergeConnection, replayOptionsOf } from '../../options/merge';
import type { Settings } from '../../options/read-settings';
import type { ReplayOptions } from '../../options/types';
import { DEFAULT_COLUMNS, type Screen } from '../../report/screen';
import { jsonText } from '../../report/text/json-text';
import { paintFor } from '../../report/text/paint';
import { patchesLines } from '../../report/text/patches-text';
import { historiesInFiles } from '../../run/history-sources';
import { canAnyAdvance } from '../../versions/patches/patch-report';
import { type PatchScope, lookUpPatches } from '../../versions/patches/patches';
import { versionAskedFor } from '../../versions/deployed-code';
import type { AdvanceArgs } from '../advance-patches';
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

const withPatchFlags = (yargs: Argv): Argv<PatchArgs> =>
  withFlags(yargs, 'connection', 'code', 'patches').describe(
    'query',
    'Visibility list filter that narrows down the runs',
  );

const advanceCommand: CommandModule<object, AdvanceArgs & PatchArgs> = {
  command: 'advance [ids..]',
  describe: 'Take the old branch or the call of a patch out of the code, once no run needs it',
  builder: (yargs) =>
    withPatchFlags(yargs)
      .positional('ids', { type: 'string', array: true, describe: 'Ids of patches' })
      .option('all', { type: 'boolean', describe: 'Move on every patch that can' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Write the changes without asking' })
      .option('check', { type: 'boolean', describe: 'Write nothing: print the changes as a diff' })
      .option('ignore-closed', {
        type: 'boolean',
        describe: 'Break closed runs that the cluster still keeps: queries and resets of them fail',
      })
      .option('remove-histories', {
        type: 'boolean',
        describe: 'Delete the histories of the corpus that are of no use any more',
      })
      .conflicts('yes', 'check') as Argv<AdvanceArgs & PatchArgs>,
  handler: async (args) => {
    process.exitCode = await advance(args, processScreen());
  },
};

export const patchesCommand: Command<ListArgs> = {
  builder: (yargs) =>
    withPatchFlags(yargs)
      .command(advanceCommand)
      .option('json', { type: 'boolean', describe: 'Print the table as JSON', global: false })
      .option('fail-on-removable', {
        type: 'boolean',
        describe: 'Exit with 1 if a patch can be deprecated or removed, for a weekly job',
        global: false,
      })
      .example('$0 patches --fail-on-removable', 'in a weekly job') as Argv<ListArgs>,
  handler: async (args) => {
    process.exitCode = await listPatches(args, processScreen());
  },
};

/** Prints the table of patches and returns the exit code. */
async function listPatches(args: ListArgs, screen: Screen): Promise<number> {
  const { options, scope } = await inspectionOf(args, await settingsOf(args, process.cwd()));
  const { report } = await lookUpPatches(options, scope);
  const interrupted = exitCodeOfSignal();
  if (interrupted !== null) return interrupted;
  const style = { width: screen.columns ?? DEFAULT_COLUMNS, paint: paintFor(screen.color) };
  if (args.json) screen.document(`${jsonText(report)}\n`);
  else screen.print(patchesLines(report, style));
  return args.failOnRemovable && canAnyAdvance(report) ? 1 : 0;
}

/** Moves patches on and returns the exit code. */
async function advance(args: AdvanceArgs & PatchArgs, screen: Screen): Promise<number> {
  const { advancePatches } = await import('../advance-patches.js');
  // Only the ids may be more than one.
  const { ids: _, ...flags } = args;
  const inspection = await inspectionOf(flags, await settingsOf(flags, process.cwd()));
  return advancePatches(args, inspection, screen);
}

/** Returns the code, and where its patches are looked up. @throws CONFIG_INVALID, USAGE */
async function inspectionOf(
  args: PatchArgs,
  { config, cwd }: Settings,
): Promise<{ options: Omit<ReplayOptions, 'histories'>; scope: PatchScope }> {
  const signal = abortOnSignals();
  const { query = null, buildId, deployment, corpusOnly = false } = args;
  return {
    options: { ...replayOptionsOf(config), cwd, signal },
    scope: {
      corpus: await corpusOf(config.histories, cwd, signal),
      cluster: corpusOnly ? null : { connection: mergeConnection(args, config), query },
      version: versionAskedFor({ buildId, deployment }),
    },
  };
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
