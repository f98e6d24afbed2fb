import { relative, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Argv } from 'yargs';
import { isTemporalReplayError, TemporalReplayError } from '../../errors';
import { fetchHistories } from '../../fetch/fetch-histories';
import { loadConfigFile } from '../../options/load-config-file';
import type {
  FetchedRun,
  FetchOptions,
  FetchOutcome,
  FetchProgress,
  SelectionOptions,
} from '../../options/types';
import type { Screen } from '../../report/reporter';
import {
  type ConnectionArgs,
  connectionInDirectory,
  connectionOf,
  connectionOptions,
} from '../options/connection';
import { pairIds, readIds } from '../../fetch/execution-ids';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { abortOnSignals } from '../terminal/abort-on-signals';
import { processScreen } from '../terminal/screen';
import type { Command } from '../command';

interface FetchArgs extends ConnectionArgs {
  ids?: string;
  query?: string;
  workflowId?: string[];
  runId?: string[];
  limit?: number;
  limitPerType?: number;
  concurrency?: number;
  out?: string;
  dryRun?: boolean;
  refresh?: boolean;
  gzip?: boolean;
  /** Path of the replay config file: an option of every command. */
  config?: string;
}

export const fetchCommand: Command<FetchArgs> = {
  builder: (yargs) =>
    connectionOptions(yargs)
      .positional('ids', {
        type: 'string',
        describe: '- for ids from standard input, a line each: workflowId[ runId]',
      })
      .option('query', { type: 'string', describe: 'Visibility list filter: which runs' })
      .option('workflow-id', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'A run by its ids (repeatable)',
      })
      .option('run-id', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'Goes with --workflow-id (default: the latest run)',
      })
      .option('limit', { type: 'number', describe: 'At most so many runs' })
      .option('limit-per-type', { type: 'number', describe: 'At most so many runs of each workflow type' })
      .option('concurrency', { type: 'number', describe: 'Downloads at once (default: 8)' })
      .option('out', { type: 'string', describe: 'Directory to write to (default: histories)' })
      .option('dry-run', { type: 'boolean', describe: 'List and count, write nothing' })
      .option('refresh', { type: 'boolean', describe: 'Download closed runs again that are already there' })
      .option('gzip', { type: 'boolean', describe: 'Write .json.gz' })
      .option('config', {
        type: 'string',
        describe: 'Config file (default: replay.config.{ts,mts,js,mjs,cjs,json})',
      })
      .example(`$0 fetch --query 'WorkflowType = "order"' --limit 100`, 'by query')
      .example('$0 fetch --workflow-id order-17', 'by id')
      .example('cut -f1,2 runs.tsv | $0 fetch -', 'by the ids of a list') as Argv<FetchArgs>,
  handler: (args) => {
    // What the dependencies of a dependency should do otherwise is not the user's concern here.
    process.noDeprecation = true;
    return runFetch(args, processScreen(), abortOnSignals().signal);
  },
};

async function runFetch(args: FetchArgs, screen: Screen, signal: AbortSignal): Promise<void> {
  refuseRepeatedFlags(args, REPEATABLE);
  const options = await resolveFetchOptions(args, process.cwd(), screen, signal);
  const summary = new FetchSummary();
  const progress = screen.isTerminal ? barProgress(screen) : lineProgress(screen);
  try {
    for await (const run of fetchHistories({ ...options, signal, onProgress: progress.update }))
      summary.add(run);
  } catch (err) {
    progress.stop();
    // What is there stays there, so it is worth knowing.
    if (isTemporalReplayError(err) && err.code === 'ABORTED' && summary.runs > 0) screen.out(summary.table());
    throw err;
  }
  progress.stop();
  nameGoneRuns(summary.gone, screen);
  screen.out(summary.runs === 0 ? `${nothingMatched(options)}\n` : summary.table());
  if (options.dryRun) screen.out('Dry run: nothing was written.\n');
}

/** Flags over the config file's `fetch` section. @throws USAGE, CONFIG_INVALID, CONFIG_NOT_FOUND, ABORTED */
async function resolveFetchOptions(
  args: FetchArgs,
  cwd: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<FetchOptions> {
  const { config, dir } = await loadConfigFile(cwd, args.config);
  const configured = config.fetch ?? {};
  return {
    ...connectionInDirectory(configured, dir),
    ...connectionOf(args),
    ...(await selection(args, configured, screen, signal)),
    ...definedOnly({
      limit: args.limit ?? configured.limit,
      limitPerType: args.limitPerType ?? configured.limitPerType,
      concurrency: args.concurrency ?? configured.concurrency,
      dryRun: args.dryRun ?? configured.dryRun,
      refresh: args.refresh ?? configured.refresh,
      gzip: args.gzip ?? configured.gzip,
    }),
    out: args.out !== undefined ? resolve(cwd, args.out) : resolve(dir, configured.out ?? 'histories'),
  };
}

/** Flags choose the runs as a whole: a query of the config file is no part of what `--workflow-id` asks for. */
async function selection(
  args: FetchArgs,
  configured: SelectionOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<SelectionOptions> {
  const { ids, query, workflowId, runId } = args;
  // yargs 17 makes an empty string of a lone `-`.
  if (ids !== undefined && ids !== '-' && ids !== '') {
    throw new TemporalReplayError('USAGE', `Unexpected argument ${ids}.`, {
      hint: 'Give ids with --workflow-id, or - to read them from standard input.',
    });
  }
  if ([ids, query, workflowId].filter((given) => given !== undefined).length > 1) {
    throw new TemporalReplayError(
      'USAGE',
      '--query, --workflow-id and ids on standard input exclude each other.',
    );
  }
  if (runId !== undefined && workflowId === undefined) {
    throw new TemporalReplayError('USAGE', '--run-id needs its --workflow-id.');
  }
  if (query !== undefined) return { query };
  if (workflowId !== undefined) return { executions: pairIds(workflowId, runId ?? []) };
  const { query: configuredQuery, executions } = configured;
  const fromConfig = configuredQuery !== undefined || executions !== undefined;
  if (ids === undefined && (fromConfig || process.stdin.isTTY))
    return definedOnly({ query: configuredQuery, executions });
  // A pipe that nobody writes to would otherwise look like a hang.
  const hint = setTimeout(() => screen.err('Waiting for workflow ids on standard input …\n'), 2000);
  try {
    return { executions: await readIds(process.stdin, signal) };
  } finally {
    clearTimeout(hint);
  }
}

/** Without what was not given, so that it can be spread over other options. */
function definedOnly<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

const REPEATABLE = ['_', 'workflowId', 'workflow-id', 'runId', 'run-id'];

interface Progress {
  update: (progress: FetchProgress) => void;
  stop: () => void;
}

const BAR_SIZE = 24;
const MIN_BAR_SIZE = 4;
/** What stands beside the bar, where there is room for all of it. */
const BESIDE_BAR = 56;

function barProgress({ errColumns = BAR_SIZE + BESIDE_BAR }: Screen): Progress {
  const format = 'Fetching {bar} {value}/{totalText} runs  {outcomes}';
  const bar = new SingleBar({
    format,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    stream: process.stderr,
    barsize: Math.min(BAR_SIZE, Math.max(MIN_BAR_SIZE, errColumns - BESIDE_BAR)),
    // Cut to the width; otherwise what is too long would be written over the last column.
    linewrap: true,
  });
  const counts: Record<FetchOutcome, number> = { new: 0, updated: 0, unchanged: 0, gone: 0 };
  let started = false;
  return {
    update({ done, total, run }) {
      counts[run.outcome]++;
      const outcomes = Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ');
      const payload = { totalText: total ?? '?', outcomes };
      if (!started) bar.start(total ?? done, done, payload);
      started = true;
      bar.setTotal(total ?? done);
      bar.update(done, payload);
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

function lineProgress(screen: Screen): Progress {
  return {
    update({ run }) {
      // A later fetch finds most runs unchanged: the table counts them.
      if (run.outcome === 'unchanged') return;
      const where = run.file === null ? '' : `  ${relative(process.cwd(), run.file)}`;
      screen.err(
        `${run.outcome.padEnd(8)} ${printable(run.workflowType) || '?'}  ${printable(run.workflowId)}  ${run.runId}  ${run.status}${where}\n`,
      );
    },
    stop: () => undefined,
  };
}

/** On a terminal the bar has hidden them. */
function nameGoneRuns(gone: readonly FetchedRun[], screen: Screen): void {
  if (gone.length === 0) return;
  screen.err(
    `${gone.length} ${gone.length === 1 ? 'run is' : 'runs are'} gone (deleted, past retention, or a mistyped id):\n`,
  );
  for (const { workflowId, runId } of gone)
    screen.err(`  ${printable(workflowId)}${runId === '' ? '' : `  ${runId}`}\n`);
}

function nothingMatched({ query, namespace }: FetchOptions): string {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return `No runs matched${query ? ` the query ${query}` : ''}${where}: nothing was fetched.`;
}

interface SummaryRow {
  workflowType: string;
  status: string;
  runs: number;
  events: number;
  bytes: number;
  outcomes: Record<FetchOutcome, number>;
}

/** Counts by workflow type and status; the runs themselves are not kept. */
class FetchSummary {
  readonly #rows = new Map<string, SummaryRow>();
  readonly gone: FetchedRun[] = [];
  runs = 0;

  add(run: FetchedRun): void {
    this.runs++;
    if (run.outcome === 'gone') this.gone.push(run);
    const { workflowType, status } = run;
    const key = JSON.stringify([workflowType, status]);
    const outcomes = { new: 0, updated: 0, unchanged: 0, gone: 0 };
    const row = this.#rows.get(key) ?? {
      workflowType: printable(workflowType) || '(unknown)',
      status,
      runs: 0,
      events: 0,
      bytes: 0,
      outcomes,
    };
    this.#rows.set(key, row);
    row.runs++;
    row.events += run.events;
    row.bytes += run.bytes;
    row.outcomes[run.outcome]++;
  }

  table(): string {
    const rows = [...this.#rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    const total: SummaryRow = {
      workflowType: 'total',
      status: '',
      runs: 0,
      events: 0,
      bytes: 0,
      outcomes: { new: 0, updated: 0, unchanged: 0, gone: 0 },
    };
    for (const row of rows) {
      total.runs += row.runs;
      total.events += row.events;
      total.bytes += row.bytes;
      for (const outcome of OUTCOMES) total.outcomes[outcome] += row.outcomes[outcome];
    }
    const cells = [...rows, total].map(({ workflowType, status, runs, events, bytes, outcomes }) => [
      workflowType,
      status,
      ...[runs, events, bytes, ...OUTCOMES.map((outcome) => outcomes[outcome])].map((count) =>
        count.toLocaleString('en-US'),
      ),
    ]);
    return formatTable([['type', 'status', 'runs', 'events', 'bytes', ...OUTCOMES], ...cells]);
  }
}

const OUTCOMES: readonly FetchOutcome[] = ['new', 'updated', 'unchanged', 'gone'];

/** Two columns of words, then numbers. */
function formatTable(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** Ids are other people's text: no control character of theirs reaches a terminal. */
const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are the point
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
