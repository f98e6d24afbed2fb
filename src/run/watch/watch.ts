import { resolve } from 'node:path';
import { forgetLoadedFiles } from '../../bundle/loaded-files';
import { ModuleMemory } from '../../bundle/module-memory';
import { importedFiles } from '../../bundle/module-sources';
import { type TemporalReplayError, isTemporalReplayError } from '../../errors';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { ReplayOptions } from '../../options/types';
import { resolveReplayOptions } from '../../options/resolve';
import { processCount } from '../../replay/pool/process-count';
import { ReplayProcessReserve } from '../../replay/pool/replay-process-reserve';
import type { ReplayedCode } from '../replayed-code';
import { type SharedByRuns, startReplayFor } from '../run';
import { type CodeChange, type WatchedCode, affectedHistories, isTouched } from './affected';
import { type FileChanges, watchForChanges } from './file-changes';
import { type Difference, KnownHistories } from './known-histories';

/** Options of a watch. */
export interface WatchOptions {
  /** Options of each run, without its histories and its signal. */
  replay: Omit<ReplayOptions, 'histories' | 'signal'>;
  cwd: string;
  /** Absolute paths of the files and directories to watch for new and removed histories. */
  historyPaths: readonly string[];
  /** Returns all current histories. Called before each round. */
  listHistories(): Promise<HistorySource[]>;
  signal: AbortSignal;
}

/** One round of replays. */
export interface WatchRound {
  /** Absolute paths that changed; empty for the first round. */
  changed: readonly string[];
  /** Report of the histories that this round replayed. */
  report: DiagnosedReport;
  /** Number of all histories that were replayed in this round or an earlier one. */
  histories: number;
  /** Number of those that fail. */
  failing: number;
  /** Names of results that failed before and no longer do. */
  fixed: string[];
  /** Names of results that fail and did not before. */
  broken: string[];
}

/** A round that ended before its first replay, because a module of a worker cannot be used as it is now. */
export interface FailedRound {
  changed: readonly string[];
  error: TemporalReplayError;
}

/**
 * Replays all histories, and after each change of the code or the histories those that the change affects. Histories that
 * failed before come first. A change during a round aborts it and starts a new one, which also replays the remaining
 * histories of the aborted round. An error of the first round is thrown; one of a later round is a round of its own, and the next
 * one replays all histories.
 */
export async function* watchHistories(options: WatchOptions): AsyncGenerator<WatchRound | FailedRound> {
  const { signal, cwd } = options;
  const changes = watchForChanges(signal);
  const shared = { reserve: new ReplayProcessReserve(), memory: new ModuleMemory() };
  const { concurrency } = resolveReplayOptions(options.replay, cwd);
  const known = new KnownHistories();
  let code: ReplayedCode[] = [];
  let remaining: RemainingWork = { due: new Set(), paths: new Set() };
  try {
    await changes.addTrees(options.historyPaths);
    for (let paths: Set<string> | null = new Set(); paths !== null; paths = await changes.next()) {
      const beganAt = Date.now();
      const sources = new Map((await options.listHistories()).map((source) => [source.file, source]));
      known.keepOnly(sources);
      const files = new Map([...sources.keys()].map((file) => [file, resolve(cwd, file)]));
      const choose = (after: ReplayedCode[]): string[] => {
        const compared = comparedCode(code, after);
        return affectedHistories(files, (file) => known.of(file), {
          paths,
          code: compared,
          due: remaining.due,
        });
      };
      const isOfCode = comparedCode(code, code).some((project) => isTouched(project, paths));
      if (!isOfCode && choose(code).length === 0) continue;
      forgetLoadedFiles(paths);
      const changed = new Set([...remaining.paths, ...paths]);
      const round = await replayRound(sources, choose, options, { changes, shared }).catch(errorOf);
      if (isTemporalReplayError(round)) {
        if (code.length === 0 || signal.aborted) throw round;
        remaining = { due: new Set(sources.keys()), paths: changed };
        const read = importedFiles(code.flatMap(({ workerFiles }) => workerFiles)).files;
        const watching = changes.addFiles({ read }, beganAt);
        yield { changed: [...changed], error: round };
        await watching;
        continue;
      }
      code = round.code;
      const watching = changes.addFiles(filesOf(code), beganAt);
      const { results } = round.report;
      remaining = round.isWhole
        ? { due: new Set(), paths: new Set() }
        : { due: new Set(known.unfinished(round.chosen, results)), paths: changed };
      const difference = known.remember(results, round.isWhole);
      if (signal.aborted) return;
      // An aborted round without results is not shown.
      if (round.isWhole || results.length > 0) yield roundOf(changed, known, round.report, difference);
      // New processes load the SDK before the next round starts, which is the longest part that can be done in advance.
      shared.reserve.fill(processCount(concurrency, sources.size));
      // Changes that this finds are reported together with those that were noticed during the round.
      await watching;
    }
  } finally {
    shared.reserve.close();
    await changes.close();
  }
}

function errorOf(err: unknown): TemporalReplayError {
  if (isTemporalReplayError(err)) return err;
  throw err;
}

/** The remaining work of an aborted round, for the next one. */
interface RemainingWork {
  /** History files to replay. */
  due: ReadonlySet<string>;
  /** Absolute paths of the changed files, to be shown with those of the next round. */
  paths: ReadonlySet<string>;
}

/**
 * Replays one round, which a change aborts.
 *
 * @param choose returns the history files to replay, by the new code; called once the code is bundled
 */
async function replayRound(
  sources: ReadonlyMap<string, HistorySource>,
  choose: (code: ReplayedCode[]) => string[],
  { replay, cwd, signal }: WatchOptions,
  { changes, shared }: { changes: FileChanges; shared: SharedByRuns },
): Promise<{ report: DiagnosedReport; code: ReplayedCode[]; chosen: string[]; isWhole: boolean }> {
  const superseded = new AbortController();
  changes.onChange(() => superseded.abort());
  async function* histories(): AsyncGenerator<HistorySource> {
    for (const file of await chosen) yield sources.get(file)!;
  }
  const given = { ...replay, histories: histories(), cwd };
  const run = startReplayFor({ ...given, signal: AbortSignal.any([signal, superseded.signal]) }, {}, shared);
  const chosen = run.code().then(choose);
  // The report rejects for the same reason.
  chosen.catch(() => undefined);
  const report = await run.report();
  return {
    report,
    code: await run.code(),
    chosen: await chosen,
    isWhole: !superseded.signal.aborted,
  };
}

/** Pairs the code of each project with that of the previous round, or with itself in the first round. */
const comparedCode = (before: readonly ReplayedCode[], after: readonly ReplayedCode[]): CodeChange[] =>
  after.map((project, n) => ({ before: watchedCode(before[n] ?? project), after: watchedCode(project) }));

const watchedCode = ({
  inputs,
  workerFiles,
  missing,
  workflowTypes,
  typeInputs,
}: ReplayedCode): WatchedCode => ({
  inputs: new Set([...inputs, ...missing]),
  workerFiles: new Set(workerFiles),
  workflowTypes,
  typeInputs,
});

/** Returns a round. The histories that it did not replay count as covering their workflow types too. */
function roundOf(
  changed: ReadonlySet<string>,
  known: KnownHistories,
  report: DiagnosedReport,
  difference: Difference,
): WatchRound {
  const histories = known.all();
  const covered = new Set(histories.map(({ workflowType }) => workflowType));
  const uncoveredTypes = report.summary.uncoveredTypes.filter((type) => !covered.has(type));
  return {
    changed: [...changed],
    report: { ...report, summary: { ...report.summary, uncoveredTypes } },
    histories: histories.length,
    failing: histories.filter(({ failed }) => failed).length,
    ...difference,
  };
}

/** Returns the files of the code to watch; packages are not watched. */
const filesOf = (code: readonly ReplayedCode[]): { read: string[]; missing: string[] } => ({
  read: code.flatMap(({ inputs, workerFiles }) =>
    [...inputs, ...workerFiles].filter((path) => !/[\\/]node_modules[\\/]/.test(path)),
  ),
  missing: code.flatMap(({ missing }) => missing),
});
