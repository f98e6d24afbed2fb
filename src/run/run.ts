import type { ModuleMemory } from '../bundle/module-memory';
import type { SourceOverlay } from '../bundle/source-overlay';
import { TemporalReplayError } from '../errors';
import { requireEnoughHistories } from '../gate/enough-histories';
import { parseShard, sourcesOfShard } from '../history/shard';
import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import { resolveReplayOptions } from '../options/resolve';
import type { ReplayConfig, ReplayOptions } from '../options/types';
import { type PoolChecks, replayInPool } from '../replay/pool/pool';
import type { ReplayProcessReserve } from '../replay/pool/replay-process-reserve';
import { DEFAULT_DIAGNOSIS_NEEDS, type DiagnosisNeeds, type Replayed } from '../replay/setup';
import type { PatchDecisionsById } from '../model/patches';
import { sweepTemporaryDirectories } from '../util/temporary-directory';
import { buildSetup } from './build-setup';
import { historySources } from './history-sources';
import { replayNew } from './kept-results/replay-new';
import { resultKeys } from './kept-results/result-keys';
import { useSdkOfProjects } from './sdk-of-projects';
import { prepareProject } from '../worker-options/prepare-project';
import { type ReplayRun, startPipeline } from './pipeline';
import { runOrigin } from './run-origin';
import { RememberedHistories } from './remembered-histories';
import { WatchedSources } from './watched-sources';

export type { ReplayRun } from './pipeline';

/**
 * Replays histories against the current workflow code.
 *
 * @example `const { results } = await replayHistories({ histories: loadHistories({ paths: ['histories'] }), workflowsPath: 'src/workflows.ts' });`
 * @returns the report, with its results in the order in which they ended
 * @throws TemporalReplayError NO_HISTORIES, TOO_FEW_HISTORIES, MISSING_TYPES, CONFIG_INVALID, CONVERTER_INVALID, PACKAGE_MISSING,
 * SDK_TOO_OLD, DUPLICATE_PACKAGES, BASELINE_INVALID, GIT_REPOSITORY, GIT_REF, GIT_HISTORY, GIT_FAILED, OUTPUT_FAILED, ABORTED.
 * A fault of one history, or of a bundle, is a result.
 */
export async function replayHistories(options: ReplayOptions): Promise<DiagnosedReport> {
  const run = startReplay(options);
  const report = await run.report();
  checkEnd(run, options.signal);
  await run.coverage();
  requireEnoughHistories(report, options);
  return report;
}

/** Checks that a run was not aborted, and that all its histories could be had and judged, after its end. @throws as {@link replayHistories} */
export function checkEnd(run: ReplayRun, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TemporalReplayError('ABORTED', 'The replay was aborted.');
  run.checkSources();
  run.checkEngines();
  run.checkJudgement();
}

/**
 * Starts to replay histories against the current workflow code. Returns the run, which yields each result as soon as it is there.
 *
 * @throws TemporalReplayError CONFIG_INVALID, PACKAGE_MISSING, SDK_TOO_OLD, DUPLICATE_PACKAGES; the run throws the other codes of {@link replayHistories}
 */
export const startReplay = (options: ReplayOptions): ReplayRun => startReplayFor(options);

/** State that is shared by consecutive runs of one process, in watch mode. */
export interface SharedByRuns {
  /** Replay processes that have loaded the SDK. */
  reserve?: ReplayProcessReserve;
  /** Modules that webpack has compiled. */
  memory?: ModuleMemory;
}

/** Additions to a run that only other runs of this library give. */
export interface RunExtensions extends SharedByRuns {
  /** True if the run is part of another one, so that its report needs no origin. */
  isPart?: boolean;
  /** True if results of earlier runs stand for histories for which nothing has changed. */
  reusesResults?: boolean;
  /** Returns true for a result that the report holds; the others are counted alone. */
  keeps?(result: DiagnosedResult): boolean;
  /** Called with each result, and with what `patched()` returned to the code if the needs ask for it. */
  onResult?(result: DiagnosedResult, decisions: PatchDecisionsById | undefined): void;
  /** Texts that stand in for those of files of the code. */
  overlay?: SourceOverlay;
}

/**
 * Starts a replay as {@link startReplay} does, with the parts of the diagnosis that a reporter or a command needs, and with the
 * state that earlier runs of this process have left.
 */
export function startReplayFor(
  options: ReplayOptions,
  needs: Partial<DiagnosisNeeds> = {},
  { reserve, memory, overlay, isPart, keeps, onResult, reusesResults = false }: RunExtensions = {},
): ReplayRun {
  const { histories, cwd = process.cwd(), signal, ...config } = options;
  void sweepTemporaryDirectories();
  const resolved = resolveReplayOptions(config, cwd);
  useSdkOfProjects(resolved.projects, cwd);
  const shard = resolved.shard === null ? null : parseShard(resolved.shard);
  const remembered = new RememberedHistories();
  const sources = new WatchedSources();
  const given = (
    setup: Promise<unknown>,
    drawn: ReadonlySet<HistorySource>,
  ): AsyncIterable<HistorySource> => {
    const all = historySources(beginningWith(drawn, histories), setup);
    return shard === null ? all : sourcesOfShard(all, shard, cwd);
  };
  return startPipeline({
    setUp: () =>
      // An aborted round of watch mode, which has a memory, builds to its end: the next one needs its modules.
      buildSetup(resolved, { cwd, needs, memory, overlay, signal: memory ? undefined : signal }),
    openGate: async () => {
      if (resolved.baseline === null && resolved.changedSince === null) return null;
      const { openGate } = require('../gate/gate') as typeof import('../gate/gate');
      return openGate({
        resolved,
        given: options,
        cwd,
        historiesOf: (results) => remembered.of(results),
        replay: (other) => startReplayFor(other, {}, { isPart: true }).report(),
        codeOf: async (project) => (await prepareProject(project)).source,
      });
    },
    replay(setup, engineChecks) {
      const isScreenChecked = resolved.engine === 'auto' && isPart !== true;
      // A single process loads core when all histories are screened.
      const isCheckedAtOnce = isScreenChecked && shard === null && resolved.concurrency > 1;
      const drawn = new Set(isCheckedAtOnce ? engineChecks.draw(sourcesIn(histories)) : []);
      const due = sources.watch(remembered.remember(given(setup, drawn)));
      const total = Array.isArray(histories) && shard === null ? histories.length : null;
      const checks: PoolChecks = {
        drawn: new Set([...drawn].map(({ file }) => file)),
        lacking: () => remembered.of(engineChecks.sample()),
      };
      const inPool = (some: AsyncIterable<HistorySource>, count: number | null): AsyncIterable<Replayed> =>
        replayInPool(some, {
          concurrency: resolved.concurrency,
          total: count,
          timeoutMs: resolved.timeoutMs,
          engine: resolved.engine,
          setup,
          ...(isScreenChecked && { checks }),
          ...(reserve && { reserve }),
          ...(signal && { signal }),
        });
      const isKept = reusesResults && resolved.cache && !resolved.coverage && resolved.engine !== 'both';
      if (isKept && DUE_TRACES.includes(needs.traces ?? DEFAULT_DIAGNOSIS_NEEDS.traces))
        return replayNew(
          due,
          setup,
          { directory: resolved.cacheDir, cwd, keysOf: resultKeys, signal },
          (some, { areAll }) => inPool(some, areAll ? total : null),
        );
      return inPool(due, total);
    },
    ...(keeps && { keeps }),
    onResult(result, decisions) {
      remembered.settle(result);
      onResult?.(result, decisions);
    },
    advise: async (diagnosis, report, setup) => {
      // Loaded late, since a run without failures needs no advice.
      const { advise } = require('./advise') as typeof import('./advise');
      const { withDiffs } = require('./remedy-diffs') as typeof import('./remedy-diffs');
      const groups = await advise(diagnosis, report, setup, {
        cwd,
        timeoutMs: resolved.adviceTimeoutMs,
        signal,
        histories: remembered,
        replay: (due, trialOverlay, { signal: end, timeoutMs, ...shared }, traces = 'none') =>
          startReplayFor(
            {
              ...forTrials(config),
              histories: due,
              cwd,
              signal: end,
              ...(timeoutMs !== undefined && { timeout: Math.min(timeoutMs, resolved.timeoutMs) }),
            },
            { traces, contextRows: null },
            { ...shared, isPart: true, ...(trialOverlay && { overlay: trialOverlay }) },
          ).report(),
      });
      return await withDiffs(groups, cwd);
    },
    signal,
    sources,
    shard,
    ...(isPart !== true && { origin: () => runOrigin(cwd) }),
    coverage: resolved.coverage ? { directory: resolved.coverageDir, cwd } : null,
  });
}

/** Returns the sources that are known before the run. */
const sourcesIn = (histories: ReplayOptions['histories']): HistorySource[] =>
  Array.isArray(histories) ? histories.filter((item): item is HistorySource => 'file' in item) : [];

/** Returns histories with some of them first, so that the checks of the screen take place while it replays the others. */
const beginningWith = (
  first: ReadonlySet<HistorySource>,
  histories: ReplayOptions['histories'],
): ReplayOptions['histories'] =>
  Array.isArray(histories)
    ? [...first, ...histories.filter((item) => !first.has(item as HistorySource))]
    : histories;

/** Traces that results of earlier runs have: none for histories that pass. */
const DUE_TRACES: readonly DiagnosisNeeds['traces'][] = ['none', 'failures'];

/** Returns the options of a run for a replay of changed code, whose verdicts alone are of interest. */
const forTrials = ({
  baseline: _baseline,
  changedSince: _changedSince,
  coverage: _coverage,
  shard: _shard,
  ...config
}: ReplayConfig): ReplayConfig => ({ ...config, adviceTimeout: 0 });
