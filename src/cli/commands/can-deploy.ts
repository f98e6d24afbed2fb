import type { Argv } from 'yargs';
import type { DeployAnswer } from '../../model/deploy';
import type { FlagArgs } from '../../options/flags';
import { mergeConnection, replayOptionsOf } from '../../options/merge';
import { hidesValues } from '../../report/hide-values';
import { temporalUi } from '../../fetch/temporal-ui';
import { startDeployCheck } from '../../versions/can-deploy';
import type { TemporalUi } from '../../model/run-origin';
import type { Command } from '../command';
import { REPORTER_HELP } from '../options/reporters-of';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { processScreen } from '../terminal/screen';
import { abortOnSignals, exitCodeOfSignal } from '../terminal/signals';
import { openReporting, showRun } from '../reporting';

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
  const { config } = await settingsOf(args, cwd);
  const reporting = openReporting(config, cwd, processScreen());
  const signal = abortOnSignals();
  const connection = mergeConnection(args, config);
  const { query, buildId, deployment, sample, perShape, maxDuration, seed } = args;
  const chosen = { query, buildId, deployment, sample, perShape, maxDuration, seed };
  const options = { ...replayOptionsOf(config), ...chosen, connection, cwd, signal };
  const check = startDeployCheck(options, reporting.needs);
  const isHidden = hidesValues(config.hideValues, { env: process.env, isFromCluster: true });
  const ui = (): TemporalUi | null => temporalUi(config.uiUrl, connection);
  const found = await showRun(check, reporting, { isHidden, total: null, ui });
  const interrupted = exitCodeOfSignal();
  if (interrupted !== null) return interrupted;
  check.checkEnd();
  return EXIT_CODES[found.deploy.answer];
}
