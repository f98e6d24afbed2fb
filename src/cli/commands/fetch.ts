import { relative } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import { pairIds, readIds } from '../../fetch/execution-ids';
import { fetchHistories } from '../../fetch/fetch-histories';
import type { FlagArgs } from '../../options/flags';
import { mergeFetch } from '../../options/merge';
import { type Settings, readSettings } from '../../options/read-settings';
import type {
  ExecutionSelection,
  FetchedRun,
  FetchOptions,
  FetchOutcome,
  FetchProgress,
} from '../../options/types';
import type { Screen } from '../../report/screen';
import { oneLine } from '../../util/printable';
import type { Command } from '../command';
import { nameGoneRuns } from '../gone-runs';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { withFlags } from '../options/with-flags';
import { abortOnSignals } from '../terminal/signals';
import { processScreen } from '../terminal/screen';

interface FetchArgs extends FlagArgs<'connection' | 'fetch'> {
  ids?: string;
  workflowId?: string[];
  runId?: string[];
}

export const fetchCommand: Command<FetchArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'connection', 'fetch')
      .positional('ids', {
        type: 'string',
        describe: '- for ids from standard input, a line each: workflowId[ runId]',
      })
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
      .example(`$0 fetch --query 'WorkflowType = "order"' --limit 100`, 'by query')
      .example('$0 fetch --workflow-id order-17', 'by id')
      .example('cut -f1,2 runs.tsv | $0 fetch -', 'by the ids of a list') as Argv<FetchArgs>,
  handler: (args) => {
    // Users cannot act on the deprecation warnings of a dependency's dependencies.
    process.noDeprecation = true;
    return runFetch(args, processScreen());
  },
};

async function runFetch(args: FetchArgs, screen: Screen): Promise<void> {
  refuseRepeatedFlags(args, ['workflowId', 'runId']);
  const { config } = await readSettings(args, process.cwd());
  // A signal that comes before has nothing to stop, and ends the process at once.
  const signal = abortOnSignals();
  const options = mergeFetch(args, config, await executionsOf(args, config.fetch, screen, signal));
  const summary = new FetchSummary();
  const progress = screen.isTerminal ? barProgress(screen) : lineProgress(screen);
  if (options.perShape !== undefined) screen.note('Reading the shapes of all selected runs …');
  try {
    for await (const run of fetchHistories({ ...options, signal, onProgress: progress.update }))
      summary.add(run);
  } catch (err) {
    progress.stop();
    nameGoneRuns(summary.gone, screen);
    // The files that were written before stay, so the table shows them.
    if (summary.runs > 0) screen.print(summary.table());
    throw err;
  }
  progress.stop();
  nameGoneRuns(summary.gone, screen);
  screen.print(summary.runs === 0 ? nothingMatched(options) : summary.table());
  if (options.dryRun) screen.print('Dry run: nothing was written.');
}

/**
 * Returns the executions that the arguments or standard input name. Returns undefined if a query or the config file selects them.
 *
 * @throws USAGE, ABORTED
 */
async function executionsOf(
  args: FetchArgs,
  configured: Settings['config']['fetch'],
  screen: Screen,
  signal: AbortSignal,
): Promise<ExecutionSelection[] | undefined> {
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
  if (query !== undefined) return undefined;
  if (workflowId !== undefined) return pairIds(workflowId, runId ?? []);
  const isConfigured = configured.query !== undefined || configured.executions !== undefined;
  if (ids === undefined && (isConfigured || process.stdin.isTTY)) return undefined;
  // A pipe without a writer would otherwise look like a hang.
  const hint = setTimeout(() => screen.note('Waiting for workflow ids on standard input …'), 2000);
  try {
    return await readIds(process.stdin, signal);
  } finally {
    clearTimeout(hint);
  }
}

interface Progress {
  update: (progress: FetchProgress) => void;
  stop: () => void;
}

const BAR_SIZE = 24;
const MIN_BAR_SIZE = 4;
/** Columns of the text beside the bar, at its longest. */
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
    // Cuts a line to the width; by default the rest of a long one would be written over its last column.
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
      // Most runs of a later fetch are unchanged: the table counts them.
      if (run.outcome === 'unchanged') return;
      const where = run.file === null ? '' : `  ${relative(process.cwd(), run.file)}`;
      screen.note(
        `${run.outcome.padEnd(8)} ${run.workflowType || '?'}  ${run.workflowId}  ${run.runId}  ${run.status}${where}`,
      );
    },
    stop: () => undefined,
  };
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

/** Counts runs by workflow type and status. Keeps only those that are gone. */
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
      workflowType: oneLine(workflowType) || '(unknown)',
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

  table(): string[] {
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

/** Formats rows of two columns of words, followed by columns of numbers. */
function formatTable(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ');
  return rows.map((row) => line(row).trimEnd());
}
