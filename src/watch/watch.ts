import { resolve } from 'node:path';
import type { DiagnosedReport, DiagnosedResult, HistorySource } from '../model';
import type { ReplayOptions } from '../options/types';
import { resolveReplayOptions } from '../options/resolve';
import { WorkerReserve } from '../replay/worker-reserve';
import { type ReplayedCode, startReplayFor } from '../replay-histories';
import { type KnownHistory, affectedHistories } from './affected';
import { type FileChanges, watchForChanges } from './file-changes';

export interface WatchOptions {
  /** As for a run, without its histories and its signal. */
  replay: Omit<ReplayOptions, 'histories' | 'signal'>;
  cwd: string;
  /** What to watch for histories that come and go: files and directories. */
  historyPaths: readonly string[];
  /** All histories that there are now; called before each round. */
  listHistories(): Promise<HistorySource[]>;
  signal: AbortSignal;
}

/** One round of replays. */
export interface WatchRound {
  /** Absolute paths that changed; empty for the first round. */
  changed: readonly string[];
  report: DiagnosedReport;
  /** All that is known after it, of every history. */
  histories: number;
  failing: number;
  fixed: string[];
  broken: string[];
}

/**
 * Replays, and again on each change of the code or the histories: only what is affected, what failed last first. A change
 * during a round ends it and begins a new one, which takes over what the old one had left to do.
 */
export async function* watchHistories(options: WatchOptions): AsyncGenerator<WatchRound> {
  const { signal, cwd } = options;
  const changes = watchForChanges(signal);
  const reserve = new WorkerReserve();
  const { concurrency } = resolveReplayOptions(options.replay, cwd);
  const known = new Map<string, KnownHistory>();
  let code: ReplayedCode[] = [];
  let carried = new Set<string>();
  try {
    await changes.addTrees(options.historyPaths);
    for (let paths: Set<string> | null = new Set(); paths !== null; paths = await changes.next()) {
      const beganAt = Date.now();
      const changed = new Set([...carried, ...paths]);
      const sources = new Map((await options.listHistories()).map((source) => [source.file, source]));
      for (const file of [...known.keys()]) if (!sources.has(file)) known.delete(file);
      const files = new Map([...sources.keys()].map((file) => [file, resolve(cwd, file)]));
      const watched = code.map(({ inputs, missing, workflowTypes }) => ({
        inputs: new Set([...inputs, ...missing]),
        workflowTypes,
      }));
      const chosen = affectedHistories(files, known, watched, { paths: changed });
      if (chosen.length === 0) continue;
      const round = await replayRound(
        chosen.map((file) => sources.get(file)!),
        options,
        { changes, reserve },
      );
      code = round.code;
      const watching = changes.addFiles(filesOf(code), beganAt);
      const { fixed, broken } = remember(round.report.results, known);
      // What a round that was broken off had found stands; the rest is due again.
      carried = round.isWhole ? new Set() : changed;
      if (signal.aborted) return;
      const failing = [...known.values()].filter(({ failed }) => failed).length;
      yield { changed: [...changed], report: round.report, histories: known.size, failing, fixed, broken };
      // Loading the SDK is the longest part of a round that can be done before it begins.
      reserve.fill(concurrency);
      // Whatever it finds to have changed during the round is one change with what was noticed meanwhile.
      await watching;
    }
  } finally {
    reserve.close();
    await changes.close();
  }
}

async function replayRound(
  histories: HistorySource[],
  { replay, cwd, signal }: WatchOptions,
  { changes, reserve }: { changes: FileChanges; reserve: WorkerReserve },
): Promise<{ report: DiagnosedReport; code: ReplayedCode[]; isWhole: boolean }> {
  const superseded = new AbortController();
  changes.onChange(() => superseded.abort());
  const given = { ...replay, histories, cwd, signal: AbortSignal.any([signal, superseded.signal]) };
  const run = startReplayFor(given, {}, reserve);
  const report = await run.report();
  return { report, code: await run.code(), isWhole: report.results.length === histories.length };
}

/** Keeps the results, and says which of them are other than before. */
function remember(
  results: readonly DiagnosedResult[],
  known: Map<string, KnownHistory>,
): { fixed: string[]; broken: string[] } {
  const fixed: string[] = [];
  const broken: string[] = [];
  for (const { file, workflowType, verdict } of results) {
    const failed = verdict !== 'compatible' && verdict !== 'drifted';
    const before = known.get(file);
    if (before?.failed && !failed) fixed.push(file);
    if (!before?.failed && failed) broken.push(file);
    known.set(file, { file, workflowType, failed });
  }
  return { fixed, broken };
}

const filesOf = (code: readonly ReplayedCode[]): { read: string[]; missing: string[] } => ({
  read: code.flatMap(({ inputs }) => inputs.filter((path) => !/[\\/]node_modules[\\/]/.test(path))),
  missing: code.flatMap(({ missing }) => missing),
});
