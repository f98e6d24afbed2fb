import type { Argv } from 'yargs';
import { requireEnoughHistories } from '../../gate/enough-histories';
import { exitCodeOf } from '../../gate/exit-code';
import type { FlagArgs } from '../../options/flags';
import { readSettings } from '../../options/read-settings';
import { openReporters } from '../../report/open-reporters';
import { readReport } from '../../report/read-report';
import { mergeReports, requireFinished } from '../../run/merge/merge-reports';
import type { Command } from '../command';
import { REPORTER_HELP, reportersOf } from '../options/reporters-of';
import { withFlags } from '../options/with-flags';
import { processScreen } from '../terminal/screen';

interface MergeArgs extends FlagArgs<'merge'> {
  reports: string[];
}

export const mergeCommand: Command<MergeArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'merge')
      .positional('reports', {
        type: 'string',
        array: true,
        describe: 'Files that the reporter json has written, one for each part',
      })
      .describe('reporter', REPORTER_HELP)
      .example(
        '$0 merge reports/*.json --reporter github',
        'in the job after those of a matrix',
      ) as Argv<MergeArgs>,
  handler: async (args) => {
    process.exitCode = await merge(args);
  },
};

/** Shows the report of all parts and returns its exit code. */
async function merge(args: MergeArgs): Promise<number> {
  const cwd = process.cwd();
  const { config } = await readSettings(args, cwd);
  const parts = await Promise.all(
    args.reports.map(async (name) => ({ name, report: await readReport(name) })),
  );
  const report = mergeReports(parts);
  const { specs, context } = reportersOf(config, cwd);
  await openReporters(specs, processScreen(), context).onEnd?.(report);
  requireFinished(parts);
  requireEnoughHistories(report, config);
  return exitCodeOf(report, config);
}
