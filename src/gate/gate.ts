import { join } from 'node:path';
import { applyBaseline } from './baseline/apply';
import { dateOf } from './baseline/expiry';
import { type Baseline, readBaseline } from './baseline/file';
import { type Checkout, checkOut } from './changed-since/checkout';
import { type Base, findBase } from './changed-since/git';
import { markExisting } from './changed-since/mark';
import { type NamedCode, earlierProjects } from './changed-since/projects';
import { isTemporalReplayError } from '../errors';
import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import { canFailRun } from '../model/verdict';
import type { ResolvedProject, ResolvedReplayOptions } from '../options/resolve';
import type { ReplayOptions } from '../options/types';

/** Judges the failures of a run by the options `baseline` and `changedSince`: which are accepted, and which are not new. */
export interface Gate {
  /** Returns the report with its failures marked. */
  judge(report: DiagnosedReport): Promise<DiagnosedReport>;
}

export interface GateContext {
  resolved: ResolvedReplayOptions;
  /** The options as the caller gave them. */
  given: Omit<ReplayOptions, 'histories'>;
  cwd: string;
  /** Returns the histories of results, each once. */
  historiesOf(results: readonly DiagnosedResult[]): HistorySource[];
  /** Replays histories with other options. */
  replay: (options: ReplayOptions) => Promise<DiagnosedReport>;
  /** Returns the code that the module of a project's worker names. */
  codeOf: (project: ResolvedProject) => Promise<NamedCode>;
}

/**
 * Reads the baseline and finds the base commit, so that an error in either ends the run before anything is replayed.
 *
 * @throws BASELINE_INVALID, GIT_REPOSITORY, GIT_REF, GIT_HISTORY, GIT_FAILED
 */
export async function openGate(context: GateContext): Promise<Gate> {
  const { baseline: path, changedSince } = context.resolved;
  const baseline = path === null ? null : await readBaseline(path);
  const base = changedSince === null ? null : await findBase(context.cwd, changedSince);
  return {
    async judge(report) {
      const compared = base === null ? report : await compare(report, base, context);
      return baseline === null ? compared : accept(compared, baseline, context);
    },
  };
}

function accept(report: DiagnosedReport, baseline: Baseline, context: GateContext): DiagnosedReport {
  const { resolved, given, cwd } = context;
  return applyBaseline(report, baseline, {
    file: given.baseline!,
    path: resolved.baseline!,
    cwd,
    strict: resolved.strict,
    failOnExisting: resolved.failOnExisting,
    today: dateOf(new Date()),
  });
}

/** Replays what is not compatible against the code of the base, and marks the failures that occur there too. */
async function compare(report: DiagnosedReport, base: Base, context: GateContext): Promise<DiagnosedReport> {
  const { resolved, given } = context;
  const changedSince = { ref: resolved.changedSince!, commit: base.commit, problem: null };
  const histories = context.historiesOf(report.results.filter(({ verdict }) => canFailRun(verdict)));
  if (histories.length === 0 || given.signal?.aborted) return { ...report, changedSince };
  let checkout: Checkout | undefined;
  try {
    checkout = await checkOut(base, given.signal);
    const { results, problem } = await replayEarlierCode(histories, base, checkout, context);
    return given.signal?.aborted
      ? { ...report, changedSince }
      : { ...markExisting(report, results), changedSince: { ...changedSince, problem } };
  } catch (err) {
    // An aborted run still reports the failures that it found, without marks.
    if (given.signal?.aborted) return { ...report, changedSince };
    throw err;
  } finally {
    await checkout?.remove();
  }
}

async function replayEarlierCode(
  histories: HistorySource[],
  { root, commit }: Base,
  checkout: Checkout,
  { resolved, given, cwd, replay, codeOf }: GateContext,
): Promise<{ results: DiagnosedResult[]; problem: string | null }> {
  const { projects, missing } = await earlierProjects(
    resolved.projects,
    { root, checkout: checkout.root },
    codeOf,
  );
  const at = `At ${commit.slice(0, 12)} (where this branch left ${resolved.changedSince})`;
  const absent = `${at} there is no workflow code of ${missing.join(', ')}: its failures count as new.`;
  if (projects.length === 0) return { results: [], problem: absent };
  const { concurrency, timeoutMs, fast, engine } = resolved;
  const relative = (message: string): string => message.replaceAll(`${checkout.root}/`, '');
  const earlier = replay({
    projects,
    concurrency,
    timeout: timeoutMs,
    fast,
    engine,
    adviceTimeout: 0,
    // A bundle of a directory that is about to be removed is of no use in the shared cache.
    cacheDir: join(checkout.scratch, 'bundles'),
    histories,
    cwd,
    ...(given.signal && { signal: given.signal }),
  });
  let results: DiagnosedResult[];
  try {
    ({ results } = await earlier);
  } catch (err) {
    if (!isTemporalReplayError(err) || err.code !== 'CONVERTER_INVALID') throw err;
    const problem = `${at} a converter cannot be loaded, the failures count as new: ${relative(err.message)}`;
    return { results: [], problem };
  }
  const unbuilt = results.find(({ error }) => error?.code === 'BUNDLE_FAILED')?.error?.message;
  const broken = unbuilt && `${at} the code does not build, its failures count as new: ${relative(unbuilt)}`;
  return { results, problem: broken ?? (missing.length > 0 ? absent : null) };
}
