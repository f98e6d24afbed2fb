import { resolve } from 'node:path';
import { ModuleMemory } from '../../bundle/module-memory';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { ReplayOptions } from '../../options/types';
import { resolveReplayOptions } from '../../options/resolve';
import { ReplayProcessReserve } from '../../replay/pool/replay-process-reserve';
import type { ReplayedCode } from '../replayed-code';
import { type SharedByRuns, startReplayFor } from '../run';
import { type CodeChange, type WatchedCode, affectedHistories, isTouched } from './affected';
import { type FileChanges, watchForChanges } from './file-changes';
import { type Difference, KnownHistories } from './known-histories';

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
  const kept = { reserve: new ReplayProcessReserve(), memory: new ModuleMemory() };
  const { concurrency } = resolveReplayOptions(options.replay, cwd);
  const known = new KnownHistories();
  let code: ReplayedCode[] = [];
  let left: Left = { due: new Set(), paths: new Set() };
  try {
    await changes.addTrees(options.historyPaths);
    for (let paths: Set<string> | null = new Set(); paths !== null; paths = await changes.next()) {
      const beganAt = Date.now();
      const sources = new Map((await options.listHistories()).map((source) => [source.file, source]));
      known.keepOnly(sources);
      const files = new Map([...sources.keys()].map((file) => [file, resolve(cwd, file)]));
      const choose = (after: ReplayedCode[]): string[] => {
        const compared = comparedCode(code, after);
        return affectedHistories(files, (file) => known.of(file), { paths, code: compared, due: left.due });
      };
      const isOfCode = comparedCode(code, code).some((project) => isTouched(project, paths));
      if (!isOfCode && choose(code).length === 0) continue;
      const round = await replayRound(sources, choose, options, { changes, kept });
      code = round.code;
      const watching = changes.addFiles(filesOf(code), beganAt);
      const { results } = round.report;
      const changed = new Set([...left.paths, ...paths]);
      left = round.isWhole
        ? { due: new Set(), paths: new Set() }
        : { due: new Set(known.unfinished(round.chosen, results)), paths: changed };
      const difference = known.remember(results, round.isWhole);
      if (signal.aborted) return;
      // One that was broken off before it had anything to say is not shown.
      if (round.isWhole || results.length > 0) yield roundOf(changed, known, round.report, difference);
      // Loading the SDK is the longest part of a round that can be done before it begins.
      kept.reserve.fill(concurrency);
      // Whatever it finds to have changed during the round is one change with what was noticed meanwhile.
      await watching;
    }
  } finally {
    kept.reserve.close();
    await changes.close();
  }
}

/** What a round that was broken off leaves to the next one. */
interface Left {
  /** Histories. */
  due: ReadonlySet<string>;
  /** What had changed, to be shown. */
  paths: ReadonlySet<string>;
}

/** @param choose called once the code is bundled: what its change affects is seen by what it is made of now */
async function replayRound(
  sources: ReadonlyMap<string, HistorySource>,
  choose: (code: ReplayedCode[]) => string[],
  { replay, cwd, signal }: WatchOptions,
  { changes, kept }: { changes: FileChanges; kept: SharedByRuns },
): Promise<{ report: DiagnosedReport; code: ReplayedCode[]; chosen: string[]; isWhole: boolean }> {
  const superseded = new AbortController();
  changes.onChange(() => superseded.abort());
  async function* histories(): AsyncGenerator<HistorySource> {
    for (const file of await chosen) yield sources.get(file)!;
  }
  const given = { ...replay, histories: histories(), cwd };
  const run = startReplayFor({ ...given, signal: AbortSignal.any([signal, superseded.signal]) }, {}, kept);
  const chosen = run.code().then(choose);
  const report = await run.report();
  return {
    report,
    code: await run.code(),
    chosen: await chosen,
    isWhole: !superseded.signal.aborted,
  };
}

const comparedCode = (before: readonly ReplayedCode[], after: readonly ReplayedCode[]): CodeChange[] =>
  after.map((project, n) => ({ before: watched(before[n] ?? project), after: watched(project) }));

const watched = ({ inputs, missing, workflowTypes, typeInputs }: ReplayedCode): WatchedCode => ({
  inputs: new Set([...inputs, ...missing]),
  workflowTypes,
  typeInputs,
});

/** A round has some of the histories: the types of the others are covered too. */
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

const filesOf = (code: readonly ReplayedCode[]): { read: string[]; missing: string[] } => ({
  read: code.flatMap(({ inputs }) => inputs.filter((path) => !/[\\/]node_modules[\\/]/.test(path))),
  missing: code.flatMap(({ missing }) => missing),
});
