import type { Argv } from 'yargs';
import { openReporters } from '../../report/open-reporters';
import { readReport } from '../../report/read-report';
import type { Command } from '../command';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { REPORTER_HELP, reportersOf } from '../options/reporters-of';
import { processScreen } from '../terminal/screen';

interface ReportArgs {
  report: string;
  reporter?: string[];
  output?: string;
  strict?: boolean;
}

export const reportCommand: Command<ReportArgs> = {
  builder: (yargs) =>
    yargs
      .positional('report', { type: 'string', describe: 'File that the reporter json has written' })
      .option('reporter', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: REPORTER_HELP,
      })
      .option('output', { type: 'string', nargs: 1, describe: 'File for the one reporter that names none' })
      .option('strict', {
        type: 'boolean',
        describe: 'Show drift as a failure',
      }) as unknown as Argv<ReportArgs>,
  handler: async (args) => {
    refuseRepeatedFlags(args);
    const report = await readReport(args.report);
    const { specs, context } = reportersOf(args, process.cwd());
    await openReporters(specs, processScreen(), context).onEnd?.(report);
  },
};
