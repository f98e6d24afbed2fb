import { checkUiUrl, temporalUi } from '../../fetch/temporal-ui';
import type { Shard } from '../../model/report';
import type { FlagArgs } from '../../options/flags';
import { coverageOptionsOf, mergeConnection, replayOptionsOf } from '../../options/merge';
import { hidesValues, resultWithoutValues, withoutValues } from '../../report/hide-values';
import { openReporters } from '../../report/open-reporters';
import { isOutputForPeople, needsOf } from '../../report/reporter-specs';
import type { Screen } from '../../report/screen';
import { engineLines } from '../../report/text/engine-text';
import { requireEnoughHistories } from '../../gate/enough-histories';
import { exitCodeOf } from '../../gate/exit-code';
import { startReplayFor } from '../../run/run';
import type { Command } from '../command';
import { nameGoneRuns } from '../gone-runs';
import { openSources } from '../options/open-sources';
import { REPORTER_HELP, reportersOf } from '../options/reporters-of';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { withTemporalUi } from '../with-temporal-ui';
import { abortOnSignals, exitCodeOfSignal, showResults } from '../terminal/signals';
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
  const { specs, context } = reportersOf(config, cwd);
  const { temporalUi: showsUi = false, ...needs } = needsOf(specs);
  checkUiUrl(config.uiUrl);
  const reporter = openReporters(specs, screen, context);
  reporter.onBegin?.((config.projects ?? []).flatMap(({ name }) => name ?? []));
  const signal = abortOnSignals();
  const sources = await openSources(args, settings, signal);
  const options = { ...replayOptionsOf(config), ...coverageOptionsOf(config) };
  const replay = startReplayFor({ ...options, histories: sources.histories, cwd, signal }, needs, {
    reusesResults: config.reuseResults ?? true,
  });
  const isHidden = hidesValues(config.hideValues, {
    env: process.env,
    isFromCluster: args.query !== undefined,
  });
  // The number of histories of a shard is known at its end.
  const total = config.shard === undefined ? sources.total : null;
  let done = 0;
  for await (const result of replay) {
    done++;
    reporter.onResult?.(isHidden ? resultWithoutValues(result) : result, { done, total });
  }
  reporter.onReplayed?.();
  const ui = showsUi ? temporalUi(config.uiUrl, mergeConnection(args, config)) : null;
  const found = withTemporalUi(await replay.report(), ui);
  showResults();
  await reporter.onEnd?.(isHidden ? withoutValues(found) : found);
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
    (isOutputForPeople(specs) ? screen.print : screen.note)(coverageLines(coverage, screen, cwd));
  }
  return exitCodeOf(found, config);
}

const shardNote = ({ index, count }: Shard): string =>
  `This was part ${index} of ${count}. Join the JSON reports of all parts with \`replay merge\`.`;
