import { relative, resolve } from 'node:path';
import type { Argv, ArgumentsCamelCase, CommandModule } from 'yargs';
import { DEFAULT_EXPIRY, dateOf, expiryDate, isExpired } from '../../gate/baseline/expiry';
import { readBaseline, readBaselineIfPresent, writeBaseline } from '../../gate/baseline/file';
import { type BaselineUpdate, updateBaseline } from '../../gate/baseline/update';
import type { BaselineEntry } from '../../model/report';
import { loadConfigFile } from '../../options/load-config-file';
import { checkEnough, startReplay } from '../../run/run';
import { nameOf } from '../../report/text/baseline-text';
import { printable } from '../../report/text/printable';
import type { Screen } from '../../report/reporter';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { abortOnSignals } from '../terminal/abort-on-signals';
import { type ReplayArgs, replayOptions, settingsOf, sourcesOf } from './run';
import { processScreen } from '../terminal/screen';
import type { Command } from '../command';

interface UpdateArgs extends ReplayArgs {
  reason?: string;
  expires?: string;
}

interface ListArgs {
  baseline?: string;
  config?: string;
}

const DEFAULT_FILE = 'replay-baseline.json';

/** Beside the config file, as seen from here. */
const defaultFile = (configDir: string, cwd: string): string =>
  relative(cwd, resolve(configDir, DEFAULT_FILE));

const updateCommand: CommandModule<object, UpdateArgs> = {
  command: 'update [histories..]',
  describe: 'Replay, and accept what fails',
  builder: (yargs) =>
    replayOptions(yargs)
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
  describe: 'Show what is accepted, why and until when',
  builder: (yargs) =>
    yargs
      .option('baseline', { type: 'string', describe: `The baseline (default: ${DEFAULT_FILE})` })
      .option('config', {
        type: 'string',
        describe: 'Config file (default: replay.config.{ts,mts,js,mjs,cjs,json})',
      }) as Argv<ListArgs>,
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
  const { baseline: file = defaultFile(settings.dir, cwd), ...config } = settings.config;
  const expires = expiryDate(args.expires ?? DEFAULT_EXPIRY, today);
  const path = resolve(cwd, file);
  const old = await readBaselineIfPresent(path);
  const abort = abortOnSignals();
  const { histories } = await sourcesOf(args, settings, abort.signal);
  const report = await startReplay({ ...config, histories, cwd, signal: abort.signal }).report();
  if (abort.exitCode() !== null) {
    screen.err('Interrupted: the baseline is as it was.\n');
    return abort.exitCode()!;
  }
  checkEnough(report, config);
  const context = { path, cwd, strict: config.strict ?? false, today };
  const outcome = updateBaseline(old, report, context, { reason: args.reason?.trim() || null, expires });
  await writeBaseline(path, outcome.baseline);
  screen.out(updateText(file, outcome, expires));
  if (report.summary.invalid > 0)
    screen.err(`${report.summary.invalid} histories cannot be read: a baseline does not accept that.\n`);
  return 0;
}

async function list(args: ArgumentsCamelCase<ListArgs>, screen: Screen): Promise<void> {
  refuseRepeatedFlags(args, ['_']);
  const cwd = process.cwd();
  const { config, dir } = await loadConfigFile(cwd, args.config);
  const file = args.baseline ?? (config.baseline ? resolve(dir, config.baseline) : defaultFile(dir, cwd));
  const { entries } = await readBaseline(resolve(cwd, file));
  const today = dateOf(new Date());
  const expired = entries.filter((entry) => isExpired(entry.expires, today)).length;
  const lines = entries.map((entry) => {
    const state = isExpired(entry.expires, today) ? 'expired' : 'until';
    return `${state.padEnd(7)}  ${entry.expires}  ${entry.verdict}  ${nameOf(entry)}: ${printable(entry.reason)}`;
  });
  screen.out([...lines, `${entries.length} accepted failures, ${expired} of them expired`, ''].join('\n'));
}

function updateText(file: string, outcome: BaselineUpdate, expires: string): string {
  const { added, renewed, kept, expired, dropped, unseen } = outcome;
  const lines = [
    ...block(`added, accepted until ${expires}`, added, nameOf),
    ...block(`expired and accepted anew until ${expires}`, renewed, nameOf),
    ...block('kept', kept, withReason),
    ...block('expired, and failing: give --reason to accept them anew', expired, withReason),
    ...block('dropped: no longer occurring', dropped, nameOf),
    ...(unseen.length === 0 ? [] : [`${unseen.length} left as they are: not judged in this run`]),
    `${outcome.baseline.entries.length} accepted failures in ${printable(file)}`,
  ];
  return `${lines.join('\n')}\n`;
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
  `${nameOf(entry)}, until ${entry.expires}: ${printable(entry.reason)}`;
