import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { ReplayCoverage } from '../coverage/replay-coverage';
import type { WorkflowCoverage } from '../coverage/workflow-coverage';
import type { Diagnoser } from '../diagnosis/diagnoser';
import { TemporalReplayError, isTemporalReplayError } from '../errors';
import type { Gate } from '../gate/gate';
import type { FailureGroup, ReplayTrace } from '../model/diagnosis';
import { composeMessage } from '../model/message';
import { ownFaultParts } from '../model/own-fault';
import type { DiagnosedReport, DiagnosedResult, RunStatus, Shard } from '../model/report';
import type { RunOrigin } from '../model/run-origin';
import { canFailRun, type HistoryResult } from '../model/verdict';
import type { Replayed, Setup } from '../replay/setup';
import type { PatchDecisionsById } from '../model/patches';
import { EngineTally } from './engine-tally';
import { RunNotes } from './notes';
import { type RunDiagnosis, runDiagnosis } from './run-diagnosis';
import { type ReplayedCode, codeOf } from './replayed-code';
import { reportOf } from './report';
import { RunResults } from './run-results';
import { unlessAborted } from '../util/unless-aborted';
import type { WatchedSources } from './watched-sources';

/** A run in progress. It yields each result as soon as it is there, and gives the report at the end. */
export interface ReplayRun extends AsyncIterable<DiagnosedResult> {
  /**
   * Runs to the end and returns the report. After an abort, or an error of the source of the histories, it covers those that were
   * replayed before, and its `status` says so.
   */
  report(): Promise<DiagnosedReport>;
  /**
   * Checks that all histories could be had, after the end of the run.
   *
   * @throws the error that ended them early: the report is `incomplete`
   */
  checkSources(): void;
  /**
   * Checks that the engines agree, after the end of the run.
   *
   * @throws ENGINE_DISAGREES if the screen found a history compatible and core did not
   */
  checkEngines(): void;
  /**
   * Checks that this package itself did not break while it judged the results, after the end of the run.
   *
   * @throws INTERNAL_ERROR if it did: the report then has the results as they were before
   */
  checkJudgement(): void;
  /** Number from which the sample was drawn of those results of the screen that core has checked. */
  sampleSeed: number;
  /** Returns the code that is replayed, by project. */
  code(): Promise<ReplayedCode[]>;
  /**
   * Runs to the end, writes `lcov.info` and returns the coverage of the workflow code by the histories. Returns null, and
   * does not run, without the option `coverage`.
   */
  coverage(): Promise<WorkflowCoverage | null>;
}

/** The parts of a run that differ between a run in replay processes and one within a test worker. */
export interface RunStages {
  /** Builds the code to replay against. Called at most once. */
  setUp(): Promise<Setup>;
  /** Opens the gate. Called before anything is replayed, so that its errors are thrown first; null for a run without a gate. */
  openGate(): Promise<Gate | null>;
  /**
   * Replays the histories of the run, and yields them in the order in which they end. `checks` tells which answers of the screen
   * core checks.
   */
  replay(setup: Promise<Setup>, checks: EngineChecks): AsyncIterable<Replayed>;
  /** Returns true for a result that the report holds; the others are counted alone. By default, it holds all of them. */
  keeps?(result: DiagnosedResult): boolean;
  /** Called with each result, and with what `patched()` returned to the code if that was counted. */
  onResult?(result: DiagnosedResult, decisions: PatchDecisionsById | undefined): void;
  /** Finds the changes behind the failures, tries remedies, and returns the groups with the code that passed. */
  advise(diagnosis: RunDiagnosis, report: DiagnosedReport, setup: Setup): Promise<FailureGroup[]>;
  /** Aborts the run: the report then comes at once, and covers the histories that were replayed before. */
  signal: AbortSignal | undefined;
  /** The histories of the run, if they can end early. */
  sources?: WatchedSources;
  /** The part of the histories that is replayed, if it is not all of them. */
  shard?: Shard | null;
  /** Finds out where the run takes place; absent for a run that is part of another one. */
  origin?(): Promise<Omit<RunOrigin, 'projects'>>;
  /** Directory for `lcov.info`, and the directory that its paths are relative to; null for a run without coverage. */
  coverage: { directory: string; cwd: string } | null;
}

/** The choice of the histories over which core checks the screen. */
export type EngineChecks = Pick<EngineTally, 'draw' | 'sample'>;

/** Starts the pipeline of every run: set up, replay, diagnose, gate, report. */
export function startPipeline(stages: RunStages): ReplayRun {
  const { setUp, openGate, replay, signal, coverage: coverageTarget } = stages;
  const startedAt = performance.now();
  // It asks git, while the first replay processes start.
  const origin = stages.origin ? turnOfEventLoop().then(stages.origin) : null;
  const results = new RunResults(stages.keeps);
  const notes = new RunNotes();
  const tally = new EngineTally();
  const setup = onDemand(setUp);
  const diagnosis = onDemand(async () => diagnoserFor(await setup.get()));
  const coverage = onDemand(async () => coverageOf(await setup.get()));
  let gate: Gate | null = null;
  async function* iterate(): AsyncGenerator<DiagnosedResult> {
    gate = await unlessAborted(openGate, signal, () => null);
    if (signal?.aborted) return;
    for await (const { result: replayed, trace, counters, engine, isRecheck, ...noted } of replay(
      setup.get(),
      tally,
    )) {
      if (isRecheck) {
        await takeRecheck({ result: replayed, trace, engine });
        continue;
      }
      notes.add(noted, replayed.file);
      if (counters && coverageTarget) (await coverage.get()).add(counters);
      const result = trace ? await withDiagnosis(replayed, trace, diagnosis.get) : replayed;
      stages.onResult?.(result, counters?.patches);
      results.add(result);
      tally.add(engine, result);
      yield result;
    }
  }
  const takeRecheck = async ({ result, trace, engine }: Replayed): Promise<void> => {
    const before = tally.screenedAs(result);
    // A file with several histories is replayed as a whole.
    if (before === null || engine === undefined) return;
    tally.addChecked(engine, result);
    if (engine.disagrees)
      results.replace(before, trace ? await withDiagnosis(result, trace, diagnosis.get) : result);
  };
  const iterator = iterate();
  const statusNow = (): RunStatus => {
    if (signal?.aborted) return 'interrupted';
    return stages.sources?.areIncomplete ? 'incomplete' : 'complete';
  };
  let ownFault: TemporalReplayError | null = null;
  /** An error of ours about the run as a whole leaves the results as they are, and fails the run once they are reported. */
  const unlessBroken = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (err) {
      if (isTemporalReplayError(err)) throw err;
      ownFault ??= brokenRun(err);
      return otherwise;
    }
  };
  const finish = async (): Promise<void> => {
    for await (const result of iterator) void result;
  };
  return {
    [Symbol.asyncIterator]: () => iterator,
    checkSources: () => stages.sources?.check(),
    checkEngines: () => tally.check(),
    checkJudgement() {
      if (ownFault) throw ownFault;
    },
    sampleSeed: tally.seed,
    code: async () => (await setup.get()).projects.map(codeOf),
    async coverage() {
      if (!coverageTarget) return null;
      await finish();
      return (await coverage.get()).report(coverageTarget.directory, coverageTarget.cwd);
    },
    async report() {
      await finish();
      const made = setup.ready() ?? (await unlessAborted(setup.get, signal, () => null));
      const report = reportOf(results, made?.projects ?? [], {
        status: statusNow(),
        durationMs: performance.now() - startedAt,
        notes,
        engine: tally.counts(),
        origin: await origin,
        shard: stages.shard ?? null,
      });
      if (made === null) return report;
      const judging = (): Promise<DiagnosedReport> =>
        unlessAborted(
          () => judgedBy(gate, report),
          signal,
          () => report,
        );
      const judged = await unlessBroken(judging, report);
      const advising = (): Promise<FailureGroup[]> =>
        stages.advise(runDiagnosis(judged.results, diagnosis.ifMade), judged, made);
      const groups = judged.results.some((result) => result.diagnosis)
        ? await unlessBroken(advising, judged.groups)
        : judged.groups;
      // The gate and the advice replay too, so the run may have been interrupted meanwhile.
      return { ...judged, status: statusNow(), groups };
    },
  };
}

/**
 * Returns the result with its diagnosis, or with its comparison if it cannot fail the run. An error of the diagnosis is the
 * diagnosis of that result alone.
 */
async function withDiagnosis(
  result: HistoryResult,
  trace: ReplayTrace,
  diagnoser: () => Promise<Diagnoser>,
): Promise<DiagnosedResult> {
  if (!canFailRun(result.verdict)) return { ...result, comparison: trace.rows };
  try {
    return (await diagnoser()).diagnose(result, trace);
  } catch (err) {
    return barrier().undiagnosed(result, trace.isOpen, err);
  }
}

const barrier = (): typeof import('../diagnosis/undiagnosed') =>
  require('../diagnosis/undiagnosed') as typeof import('../diagnosis/undiagnosed');

/**
 * Loads and makes the diagnoser. It is loaded late, since its parser would slow down the start of runs without failures, and
 * with `require`, since jest's realm has no `import()`.
 */
function diagnoserFor({ projects, cwd }: Setup): Diagnoser {
  const { Diagnoser } = require('../diagnosis/diagnoser') as typeof import('../diagnosis/diagnoser');
  return new Diagnoser({
    cwd,
    bundlePaths: bundlePathsOf({ projects }),
    workflowTypes: projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : [])),
  });
}

const brokenRun = (err: unknown): TemporalReplayError =>
  new TemporalReplayError(
    'INTERNAL_ERROR',
    composeMessage(ownFaultParts('temporal-replay itself broke while it judged the results:', err)),
    { cause: err },
  );

const judgedBy = async (gate: Gate | null, report: DiagnosedReport): Promise<DiagnosedReport> =>
  gate === null ? report : gate.judge(report);

/** Makes the coverage. Its libraries are loaded late, since runs without coverage do not need them. */
async function coverageOf(setup: Setup): Promise<ReplayCoverage> {
  const { ReplayCoverage } =
    require('../coverage/replay-coverage') as typeof import('../coverage/replay-coverage');
  return ReplayCoverage.of(bundlePathsOf(setup));
}

const bundlePathsOf = ({ projects }: Pick<Setup, 'projects'>): string[] =>
  projects.flatMap((project) => ('bundlePath' in project ? [project.bundlePath] : []));

/** Returns a value that the first call of `get` makes. `ifMade` returns null if it was not made, `ready` if it is not there yet. */
function onDemand<T>(make: () => Promise<T>): {
  get: () => Promise<T>;
  ifMade: () => Promise<T | null>;
  ready: () => T | null;
} {
  let made: Promise<T> | undefined;
  let value: T | null = null;
  return {
    get: () => (made ??= make().then((done) => (value = done))),
    ifMade: async () => (made ? await made : null),
    ready: () => value,
  };
}
