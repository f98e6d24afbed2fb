import type { Argv } from 'yargs';
import type { DeployAnswer } from '../../model/deploy';
import type { FlagArgs } from '../../options/flags';
import { mergeConnection, replayOptionsOf } from '../../options/merge';
import { durationMs } from '../../options/duration';
import { hidesValues, resultWithoutValues, withoutValues } from '../../report/hide-values';
import { openReporters } from '../../report/open-reporters';
import { needsOf } from '../../report/reporter-specs';
import { checkUiUrl, temporalUi } from '../../fetch/temporal-ui';
import { type DeployScope, requireCount, startDeployCheck } from '../../versions/can-deploy';
import { deployedVersion } from '../../versions/reach';
import type { Command } from '../command';
import { REPORTER_HELP, reportersOf } from '../options/reporters-of';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { processScreen } from '../terminal/screen';
import { abortOnSignals, exitCodeOfSignal, showResults } from '../terminal/signals';
import { withTemporalUi } from '../with-temporal-ui';

type CanDeployArgs = FlagArgs<'connection' | 'code' | 'deploy'>;

export const canDeployCommand: Command<CanDeployArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'connection', 'code', 'deploy')
      .describe('query', 'Visibility list filter that narrows down the open runs')
      .describe('reporter', REPORTER_HELP)
      .example(
        '$0 can-deploy --build-id v13 --deployment orders',
        'before v13 becomes the current version',
      ) as Argv<CanDeployArgs>,
  handler: async (args) => {
    process.exitCode = await canDeploy(args);
  },
};

/** Exit codes by answer. */
const EXIT_CODES: Readonly<Record<DeployAnswer, number>> = { yes: 0, no: 1, 'not proven': 4 };

/** Runs to the end and returns the exit code. */
async function canDeploy(args: CanDeployArgs): Promise<number> {
  const cwd = process.cwd();
  const scope = scopeOf(args);
  const { config } = await settingsOf(args, cwd);
  const screen = processScreen();
  const { specs, context } = reportersOf(config, cwd);
  const { temporalUi: showsUi = false, ...needs } = needsOf(specs);
  checkUiUrl(config.uiUrl);
  const reporter = openReporters(specs, screen, context);
  reporter.onBegin?.((config.projects ?? []).flatMap(({ name }) => name ?? []));
  const signal = abortOnSignals();
  const connection = mergeConnection(args, config);
  const check = startDeployCheck(
    { ...replayOptionsOf(config), cwd, signal },
    { ...scope, connection },
    needs,
  );
  const isHidden = hidesValues(config.hideValues, { env: process.env, isFromCluster: true });
  let done = 0;
  for await (const result of check)
    reporter.onResult?.(isHidden ? resultWithoutValues(result) : result, { done: ++done, total: null });
  reporter.onReplayed?.();
  const found = withTemporalUi(await check.report(), showsUi ? temporalUi(config.uiUrl, connection) : null);
  showResults();
  await reporter.onEnd?.(isHidden ? withoutValues(found) : found);
  const interrupted = exitCodeOfSignal();
  if (interrupted !== null) return interrupted;
  check.run.checkSources();
  check.run.checkEngines();
  check.run.checkJudgement();
  return EXIT_CODES[found.deploy.answer];
}

/** Returns the open runs that the arguments ask for. @throws USAGE, CONFIG_INVALID */
function scopeOf(args: CanDeployArgs): Omit<DeployScope, 'connection'> {
  const { query = null, buildId, deployment, sample, perShape, maxDuration, seed = null } = args;
  return {
    query,
    version: buildId === undefined ? null : deployedVersion(deployment, buildId),
    sample: requireCount('sample', sample),
    perShape: requireCount('per-shape', perShape),
    maxDurationMs: maxDuration === undefined ? null : durationMs('--max-duration', maxDuration),
    seed,
  };
}
