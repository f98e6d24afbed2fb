import type { Argv } from 'yargs';
import { openReporters } from '../../report/open-reporters';
import { readReport } from '../../report/read-report';
import { reporterSpecs } from '../../report/reporter-specs';
import { REPORTERS } from '../../report/reporters';
import type { Command } from '../command';
import { refuseRepeatedFlags } from '../options/repeated-flags';
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
        describe: `How to show it, name or name=path, repeatable: ${Object.keys(REPORTERS).join(', ')}`,
      })
      .option('output', { type: 'string', nargs: 1, describe: 'File for the one reporter that names none' })
      .option('strict', {
        type: 'boolean',
        describe: 'Show drift as a failure',
      }) as unknown as Argv<ReportArgs>,
  handler: async (args) => {
    refuseRepeatedFlags(args);
    const report = await readReport(args.report);
    const context = { cwd: process.cwd(), env: process.env, isStrict: args.strict ?? false };
    const specs = reporterSpecs({ reporters: args.reporter, output: args.output }, context);
    await openReporters(specs, processScreen(), context).onEnd?.(report);
  },
};
