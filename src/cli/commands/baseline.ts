import { resolve } from 'node:path';
import type { Argv, ArgumentsCamelCase, CommandModule } from 'yargs';
import { DEFAULT_EXPIRY, dateOf, expiryDate, isExpired } from '../../gate/baseline/expiry';
import { readBaseline, readBaselineIfPresent, writeBaseline } from '../../gate/baseline/file';
import { type BaselineUpdate, updateBaseline } from '../../gate/baseline/update';
import type { BaselineEntry } from '../../model/report';
import type { FlagArgs } from '../../options/flags';
import { replayOptionsOf } from '../../options/merge';
import { requireEnoughHistories } from '../../gate/enough-histories';
import { startReplay } from '../../run/run';
import { nameOf } from '../../report/text/baseline-text';
import type { Screen } from '../../report/screen';
import { abortOnSignals, exitCodeOfSignal } from '../terminal/signals';
import { openSources } from '../options/open-sources';
import { settingsOf } from '../options/settings';
import { DEFAULT_BASELINE, baselineFileOf } from '../accept-group';
import { withFlags } from '../options/with-flags';
import { processScreen } from '../terminal/screen';
import type { Command } from '../command';

interface UpdateArgs extends FlagArgs<'connection' | 'code' | 'replay'> {
  reason?: string;
  expires?: string;
}

type ListArgs = FlagArgs<'baseline'>;

const updateCommand: CommandModule<object, UpdateArgs> = {
  command: 'update [histories..]',
  describe: 'Replay, and accept the histories that fail',
  builder: (yargs) =>
    withFlags(yargs, 'connection', 'code', 'replay')
      .option('reason', { type: 'string', describe: 'Why new failures are accepted' })
      .option('expires', {
        type: 'string',
        describe: `How long new failures are accepted: 30d, 8w or a date (default: ${DEFAULT_EXPIRY})`,
      }) as Argv<UpdateArgs>,
  handler: async (args) => {
    process.exitCode = await update(args, processScreen());
  },
};

const listCommand: CommandModule<object, ListArgs> = {
  command: 'list',
  describe: 'Show the accepted failures with their reasons and expiry dates',
  builder: (yargs) =>
    withFlags(yargs, 'baseline').describe('baseline', `The baseline (default: ${DEFAULT_BASELINE})`),
  handler: (args) => list(args, processScreen()),
};

export const baselineCommand: Command = {
  builder: (yargs) =>
    yargs
      .command(updateCommand)
      .command(listCommand)
      .demandCommand(1, 'Name what to do with the baseline: update, list.'),
  handler: () => undefined,
};

async function update(args: ArgumentsCamelCase<UpdateArgs>, screen: Screen): Promise<number> {
  const cwd = process.cwd();
  const today = dateOf(new Date());
  const settings = await settingsOf(args, cwd);
  const file = baselineFileOf(settings);
  const { baseline: _, ...config } = replayOptionsOf(settings.config);
  const expires = expiryDate(args.expires ?? DEFAULT_EXPIRY, today);
  const path = resolve(cwd, file);
  const old = await readBaselineIfPresent(path);
  const signal = abortOnSignals();
  const { histories } = await openSources(args, settings, signal);
  const run = startReplay({ ...config, histories, cwd, signal });
  const report = await run.report();
  const interrupted = exitCodeOfSignal();
  if (interrupted !== null) {
    screen.note('Interrupted: the baseline is as it was.');
    return interrupted;
  }
  // A baseline of some of the histories would not say so.
  run.checkSources();
  run.checkEngines();
  run.checkJudgement();
  requireEnoughHistories(report, config);
  const { strict = false, failOnExisting = false } = config;
  const context = { path, cwd, strict, failOnExisting, today };
  const outcome = updateBaseline(old, report, context, { reason: args.reason?.trim() || null, expires });
  await writeBaseline(path, outcome.baseline);
  screen.print(updateLines(file, outcome, expires));
  if (report.summary.invalid > 0)
    screen.note(`${report.summary.invalid} histories cannot be read: a baseline does not accept that.`);
  return 0;
}

async function list(args: ArgumentsCamelCase<ListArgs>, screen: Screen): Promise<void> {
  const cwd = process.cwd();
  const { entries } = await readBaseline(resolve(cwd, baselineFileOf(await settingsOf(args, cwd))));
  const today = dateOf(new Date());
  const expired = entries.filter((entry) => isExpired(entry.expires, today)).length;
  const lines = entries.map((entry) => {
    const state = isExpired(entry.expires, today) ? 'expired' : 'until';
    return `${state.padEnd(7)}  ${entry.expires}  ${entry.verdict}  ${nameOf(entry)}: ${entry.reason}`;
  });
  screen.print([...lines, `${entries.length} accepted failures, ${expired} of them expired`]);
}

function updateLines(file: string, outcome: BaselineUpdate, expires: string): string[] {
  const { added, renewed, kept, expired, dropped, unseen } = outcome;
  return [
    ...block(`added, accepted until ${expires}`, added, nameOf),
    ...block(`expired and accepted anew until ${expires}`, renewed, nameOf),
    ...block('kept', kept, withReason),
    ...block('expired, and failing: give --reason to accept them anew', expired, withReason),
    ...block('dropped: no longer occurring', dropped, nameOf),
    ...(unseen.length === 0 ? [] : [`${unseen.length} left as they are: not judged in this run`]),
    `${outcome.baseline.entries.length} accepted failures in ${file}`,
  ];
}

function block(
  title: string,
  entries: readonly BaselineEntry[],
  line: (entry: BaselineEntry) => string,
): string[] {
  if (entries.length === 0) return [];
  return [`${entries.length} ${title}`, ...entries.map((entry) => `    ${line(entry)}`)];
}

const withReason = (entry: BaselineEntry): string =>
  `${nameOf(entry)}, until ${entry.expires}: ${entry.reason}`;
