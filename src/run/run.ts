import { randomBytes } from 'node:crypto';
import { bundleProject } from '../bundle/bundle-project';
import { countVerdicts } from './count-verdicts';
import type { ModuleMemory } from '../bundle/module-memory';
import { ALL_INPUTS_OF_ALL_TYPES, type TypeInputs } from '../bundle/type-inputs';
import { findTemporalPackages, remedyForDuplicates } from '../bundle/temporal-packages';
import type { ReplayCoverage } from '../coverage/replay-coverage';
import type { WorkflowCoverage } from '../coverage/workflow-coverage';
import type { Diagnoser } from '../diagnosis/diagnoser';
import { TemporalReplayError } from '../errors';
import { type Gate, openGate } from '../gate/gate';
import type { ReplayTrace } from '../model/diagnosis';
import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult, ReportSummary, RunReport } from '../model/report';
import { failsRun, type HistoryResult, judgesCode, VERDICTS } from '../model/verdict';
import { type ResolvedProject, type ResolvedReplayOptions, resolveReplayOptions } from '../options/resolve';
import type { HistoryLike, ReplayOptions } from '../options/types';
import type { BundledProject, DiagnosisNeeds, Setup } from '../replay/pool/protocol';
import { replayInPool } from '../replay/pool/pool';
import type { WorkerReserve } from '../replay/pool/worker-reserve';

/** A run that is under way: results as they come, and the report at the end. */
export interface ReplayRun extends AsyncIterable<DiagnosedResult> {
  /** What was found so far where the run was aborted, else everything; runs to the end first. */
  report(): Promise<DiagnosedReport>;
  /** The code that was replayed, by project. */
  code(): Promise<ReplayedCode[]>;
  /**
   * With the option `coverage`: writes `lcov.info` and says which workflow code the histories exercise. Null without the
   * option; runs to the end first.
   */
  coverage(): Promise<WorkflowCoverage | null>;
}

/** What a project's bundle was made of. */
export interface ReplayedCode {
  /** Absolute paths, packages included. */
  inputs: readonly string[];
  /** Files that a build that failed looked for in vain. */
  missing: readonly string[];
  /** Null where it could not be built. */
  workflowTypes: readonly string[] | null;
  /** Which inputs count for which of them. */
  typeInputs: TypeInputs;
}

/**
 * Replays histories against the current workflow code.
 *
 * @example `const { results } = await replayHistories({ histories: loadHistories({ paths: ['histories'] }), workflowsPath: 'src/workflows.ts' });`
 * @returns the report; results stand in the order in which they ended
 * @throws TemporalReplayError NO_HISTORIES, TOO_FEW_HISTORIES, MISSING_TYPES, CONFIG_INVALID, DUPLICATE_PACKAGES, BASELINE_INVALID,
 * GIT_REPOSITORY, GIT_REF, GIT_HISTORY, GIT_FAILED, OUTPUT_FAILED, ABORTED. What is wrong with one history, or with the bundle, is a result.
 */
export async function replayHistories(options: ReplayOptions): Promise<DiagnosedReport> {
  const run = startReplay(options);
  const report = await run.report();
  if (options.signal?.aborted) throw new TemporalReplayError('ABORTED', 'The replay was aborted.');
  await run.coverage();
  checkEnough(report, options);
  return report;
}

/** As {@link replayHistories}, with each result as it comes. */
export const startReplay = (options: ReplayOptions): ReplayRun => startReplayFor(options);

/** Rows before and after the first difference that a report shows. */
const CONTEXT_ROWS = 6;

const DEFAULT_NEEDS: DiagnosisNeeds = { traces: 'failures', contextRows: CONTEXT_ROWS, timelines: false };

/** What runs that follow one another in one process share. */
export interface Kept {
  reserve?: WorkerReserve;
  memory?: ModuleMemory;
}

/**
 * As {@link startReplay}, with what a reporter or a command needs of the diagnosis beside what all of them do, and with
 * what runs before it have left.
 */
export function startReplayFor(
  options: ReplayOptions,
  needs: Partial<DiagnosisNeeds> = {},
  { reserve, memory }: Kept = {},
): ReplayRun {
  const { histories, cwd, signal, ...config } = options;
  const directory = cwd ?? process.cwd();
  const resolved = resolveReplayOptions(config, directory);
  refuseDuplicatePackages(directory);
  const startedAt = performance.now();
  const results: DiagnosedResult[] = [];
  let setup: Promise<Setup> | undefined;
  let diagnoser: Diagnoser | undefined;
  let gate: Gate | undefined;
  let coverage: Promise<ReplayCoverage> | undefined;
  async function* iterate(): AsyncGenerator<DiagnosedResult> {
    gate = await openGate({
      resolved,
      given: options,
      cwd: directory,
      replay: (other) => startReplay(other).report(),
    });
    setup ??= bundleAll(resolved, directory, needs, memory);
    for await (const { result: found, trace, counters } of replayInPool(gate.remember(sourcesOf(histories)), {
      concurrency: resolved.concurrency,
      timeoutMs: resolved.timeoutMs,
      setup,
      ...(reserve && { reserve }),
      ...(signal && { signal }),
    })) {
      if (counters) (await (coverage ??= coverageOf(await setup))).add(counters);
      // It brings a parser of its own: a run without failures starts sooner without it. (Jest's realm knows no `import()`.)
      if (trace) diagnoser ??= diagnoserFor(await setup);
      const result = diagnoser ? withDiagnosis(found, trace, diagnoser) : found;
      gate.release(result);
      results.push(result);
      yield result;
    }
  }
  const iterator = iterate();
  return {
    [Symbol.asyncIterator]: () => iterator,
    async code() {
      const { projects } = await (setup ??= bundleAll(resolved, directory, needs, memory));
      return projects.map((project) => ({
        inputs: project.inputs,
        missing: 'missing' in project ? project.missing : [],
        workflowTypes: 'workflowTypes' in project ? project.workflowTypes : null,
        typeInputs: ('typeInputs' in project && project.typeInputs) || ALL_INPUTS_OF_ALL_TYPES,
      }));
    },
    async coverage() {
      if (!resolved.coverage) return null;
      for await (const result of iterator) void result;
      setup ??= bundleAll(resolved, directory, needs, memory);
      const exercised = await (coverage ??= coverageOf(await setup));
      return exercised.report(resolved.coverageDir, directory);
    },
    async report() {
      for await (const result of iterator) void result;
      const { projects } = await (setup ??= bundleAll(resolved, directory, needs, memory));
      const report = reportOf(results, projects, performance.now() - startedAt);
      const judged = gate === undefined ? report : await gate.judge(report);
      return { ...judged, groups: diagnoser ? await diagnoser.group(judged.results) : [] };
    },
  };
}

/** Two copies of `common` or `proto` break `instanceof` and protobuf types in ways that look like other faults. */
function refuseDuplicatePackages(directory: string): void {
  const found = findTemporalPackages(directory);
  const [duplicate] = found.duplicates;
  if (!duplicate) return;
  const places = duplicate.copies.map(({ version, path }) => `${version} in ${path}`).join(' and ');
  throw new TemporalReplayError(
    'DUPLICATE_PACKAGES',
    `There are several copies of ${duplicate.name}: ${places}.`,
    { hint: remedyForDuplicates(found) },
  );
}

async function bundleAll(
  options: ResolvedReplayOptions,
  cwd: string,
  needs: Partial<DiagnosisNeeds>,
  memory?: ModuleMemory,
): Promise<Setup> {
  const projects: BundledProject[] = [];
  // One after another: webpack keeps every core busy by itself.
  for (const project of options.projects) projects.push(await bundled(project, options, memory));
  const { fast, coverage } = options;
  return { projects, fast, cwd, coverage, diagnosis: { ...DEFAULT_NEEDS, ...needs } };
}

/** Brings libraries of its own, which no other run needs. */
async function coverageOf({ projects }: Setup): Promise<ReplayCoverage> {
  const { ReplayCoverage } =
    require('../coverage/replay-coverage') as typeof import('../coverage/replay-coverage');
  return ReplayCoverage.of(bundlePathsOf(projects));
}

const bundlePathsOf = (projects: readonly BundledProject[]): string[] =>
  projects.flatMap((project) => ('bundlePath' in project ? [project.bundlePath] : []));

function withDiagnosis(
  result: HistoryResult,
  trace: ReplayTrace | undefined,
  diagnoser: Diagnoser,
): DiagnosedResult {
  if (!trace) return result;
  return result.verdict === 'compatible'
    ? { ...result, comparison: trace.rows }
    : diagnoser.diagnose(result, trace);
}

function diagnoserFor({ projects, cwd }: Setup): Diagnoser {
  const { Diagnoser } = require('../diagnosis/diagnoser') as typeof import('../diagnosis/diagnoser');
  return new Diagnoser({
    cwd,
    bundlePaths: bundlePathsOf(projects),
    workflowTypes: projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : [])),
  });
}

async function bundled(
  project: ResolvedProject,
  options: ResolvedReplayOptions,
  memory?: ModuleMemory,
): Promise<BundledProject> {
  const { name, dataConverter, namespace } = project;
  const { cache, cacheDir, coverage } = options;
  const result = await bundleProject(project, { cache, cacheDir, coverage, memory });
  const { inputs } = result;
  const about = { name, dataConverter, namespace, inputs };
  if ('failure' in result) return { ...about, failure: result.failure, missing: result.missing };
  const { path, workflowTypes, typeInputs } = result;
  return { ...about, bundlePath: path, workflowTypes, typeInputs };
}

async function* sourcesOf(histories: ReplayOptions['histories']): AsyncGenerator<HistorySource> {
  for await (const item of histories) yield 'file' in item ? item : encoded(item);
}

/** An in-memory history goes to its process in protobuf's own form. */
function encoded(history: HistoryLike): HistorySource {
  const { temporal } = require('@temporalio/proto') as typeof import('@temporalio/proto');
  const { History } = temporal.api.history.v1;
  const id = randomBytes(4).toString('hex');
  return { file: `memory:${id}`, bytes: History.encode(History.fromObject(history)).finish() };
}

/** Counts results into a report; groups are not in it yet. */
export function reportOf(
  results: DiagnosedResult[],
  projects: readonly BundledProject[],
  durationMs: number,
): DiagnosedReport {
  const covered = new Set(
    results.filter(({ verdict }) => judgesCode(verdict)).map((result) => result.workflowType),
  );
  const types = projects.flatMap((project) => ('workflowTypes' in project ? project.workflowTypes : []));
  const summary: ReportSummary = {
    ...countVerdicts(results),
    durationMs: Math.round(durationMs),
    uncoveredTypes: [...new Set(types)].filter((type) => type !== 'default' && !covered.has(type)).sort(),
  };
  return { schemaVersion: 1, summary, results, groups: [] };
}

/** A gate must not pass by accident. @throws NO_HISTORIES, TOO_FEW_HISTORIES, MISSING_TYPES */
export function checkEnough(
  { summary, results }: RunReport,
  { minHistories = 1, requireTypes = [] }: Pick<ReplayOptions, 'minHistories' | 'requireTypes'>,
): void {
  if (summary.histories === 0)
    throw new TemporalReplayError('NO_HISTORIES', 'There are no histories to replay.');
  if (summary.histories < minHistories)
    throw new TemporalReplayError(
      'TOO_FEW_HISTORIES',
      `There are ${summary.histories} histories, and --min-histories asks for ${minHistories}.`,
    );
  const there = new Set(results.map((result) => result.workflowType));
  const missing = requireTypes.filter((type) => !there.has(type));
  if (missing.length > 0)
    throw new TemporalReplayError(
      'MISSING_TYPES',
      `No history covers the required types ${missing.join(', ')}.`,
    );
}

/**
 * The exit code of a report: 1 where something is incompatible, failed or timed out and no baseline accepts it; 2 where a
 * history is invalid.
 */
export function exitCodeOf(
  { summary, results }: DiagnosedReport,
  { strict = false, failOnUncovered = false }: { strict?: boolean; failOnUncovered?: boolean } = {},
): 0 | 1 | 2 {
  const failing = results.filter(
    ({ verdict, accepted }) => accepted === undefined && failsRun(verdict, { strict }),
  );
  const exitCodes = failing.map(({ verdict }) => VERDICTS[verdict].exitCode);
  if (exitCodes.includes(1)) return 1;
  if (failOnUncovered && summary.uncoveredTypes.length > 0) return 1;
  return exitCodes.includes(2) ? 2 : 0;
}
