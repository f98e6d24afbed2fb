import { temporalUi } from '../../fetch/temporal-ui';
import type { Shard } from '../../model/report';
import type { FlagArgs } from '../../options/flags';
import { coverageOptionsOf, mergeConnection, replayOptionsOf } from '../../options/merge';
import { hidesValues } from '../../report/hide-values';
import { isOutputForPeople } from '../../report/reporter-specs';
import type { Screen } from '../../report/screen';
import { engineLines } from '../../report/text/engine-text';
import { requireEnoughHistories } from '../../gate/enough-histories';
import { exitCodeOf } from '../../gate/exit-code';
import { startReplayFor } from '../../run/run';
import type { TemporalUi } from '../../model/run-origin';
import type { Command } from '../command';
import { nameGoneRuns } from '../gone-runs';
import { openSources } from '../options/open-sources';
import { REPORTER_HELP } from '../options/reporters-of';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { openReporting, showRun } from '../reporting';
import { abortOnSignals, exitCodeOfSignal } from '../terminal/signals';
import { processScreen } from '../terminal/screen';

type RunArgs = FlagArgs<'connection' | 'code' | 'replay' | 'run'>;

export const runCommand: Command<RunArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'connection', 'code', 'replay', 'run').describe('reporter', REPORTER_HELP),
  handler: async (args) => {
    process.exitCode = await run(args, processScreen());
  },
};

/** Runs to the end and returns the exit code. */
async function run(args: RunArgs, screen: Screen): Promise<number> {
  const cwd = process.cwd();
  const settings = await settingsOf(args, cwd);
  const { config } = settings;
  if (args.watch) {
    const { watch } = await import('../watch.js');
    return await watch(args, settings, screen);
  }
  const reporting = openReporting(config, cwd, screen);
  const signal = abortOnSignals();
  const sources = await openSources(args, settings, signal);
  const options = { ...replayOptionsOf(config), ...coverageOptionsOf(config) };
  const replay = startReplayFor({ ...options, histories: sources.histories, cwd, signal }, reporting.needs, {
    reusesResults: config.reuseResults ?? true,
  });
  const isHidden = hidesValues(config.hideValues, {
    env: process.env,
    isFromCluster: args.query !== undefined,
  });
  // The number of histories of a shard is known at its end.
  const total = config.shard === undefined ? sources.total : null;
  const ui = (): TemporalUi | null => temporalUi(config.uiUrl, mergeConnection(args, config));
  const found = await showRun(replay, reporting, { isHidden, total, ui });
  if (found.changedSince?.problem) screen.note(found.changedSince.problem);
  const interrupted = exitCodeOfSignal();
  if (interrupted !== null) {
    screen.note(`Interrupted after ${found.summary.histories} histories: the report covers only those.`);
    return interrupted;
  }
  nameGoneRuns(sources.gone, screen);
  if (args.verbose && found.engine)
    for (const line of engineLines(found.engine, replay.sampleSeed)) screen.note(line);
  if (found.shard) screen.note(shardNote(found.shard));
  replay.checkSources();
  replay.checkEngines();
  replay.checkJudgement();
  requireEnoughHistories(found, config);
  const coverage = await replay.coverage();
  if (coverage) {
    const { coverageLines } = await import('../../report/text/coverage-text.js');
    // A program that reads standard output needs the report whole, so the text goes beside it.
    (isOutputForPeople(reporting.specs) ? screen.print : screen.note)(coverageLines(coverage, screen, cwd));
  }
  return exitCodeOf(found, config);
}

const shardNote = ({ index, count }: Shard): string =>
  `This was part ${index} of ${count}. Join the JSON reports of all parts with \`replay merge\`.`;
