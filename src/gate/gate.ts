import { join } from 'node:path';
import { applyBaseline } from './baseline/apply';
import { dateOf } from './baseline/expiry';
import { type Baseline, readBaseline } from './baseline/file';
import { type Checkout, checkOut } from './changed-since/checkout';
import { type Base, findBase } from './changed-since/git';
import { markExisting } from './changed-since/mark';
import { projectsThen } from './changed-since/projects';
import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import type { ResolvedReplayOptions } from '../options/resolve';
import type { ReplayOptions } from '../options/types';

/** What of a run's failures is known, or was there before: `baseline` and `changedSince`. */
export interface Gate {
  /** Passes the histories on, and keeps what a second replay of the failing ones would need. */
  watch(sources: AsyncIterable<HistorySource>): AsyncGenerator<HistorySource>;
  /** Called with each result, so that what passed need not be kept. */
  heard(result: DiagnosedResult): void;
  judge(report: DiagnosedReport): Promise<DiagnosedReport>;
}

export interface GateContext {
  resolved: ResolvedReplayOptions;
  /** The options as they were given. */
  given: Omit<ReplayOptions, 'histories'>;
  cwd: string;
  /** Replays histories with other options, in the same way. */
  replay: (options: ReplayOptions) => Promise<DiagnosedReport>;
}

/**
 * Reads the baseline and finds the commit, so that what is wrong with them is known before anything is replayed.
 *
 * @throws BASELINE_INVALID, GIT_REPOSITORY, GIT_REF, GIT_HISTORY, GIT_FAILED
 */
export async function openGate(context: GateContext): Promise<Gate> {
  const { baseline: path, changedSince } = context.resolved;
  const baseline = path === null ? null : await readBaseline(path);
  const base = changedSince === null ? null : await findBase(context.cwd, changedSince);
  const kept = new Map<string, HistorySource>();
  return {
    async *watch(sources) {
      for await (const source of sources) {
        if (base !== null) kept.set(source.file, source);
        yield source;
      }
    },
    heard({ verdict, file }) {
      // Standard input can hold more histories than this one.
      if (verdict === 'compatible' && /^(?:temporal|memory):/.test(file)) kept.delete(file);
    },
    async judge(report) {
      const compared = base === null ? report : await compare(report, base, kept, context);
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
    today: dateOf(new Date()),
  });
}

/** Replays what is not compatible against the code of the base, and marks what is as it was there. */
async function compare(
  report: DiagnosedReport,
  base: Base,
  kept: ReadonlyMap<string, HistorySource>,
  context: GateContext,
): Promise<DiagnosedReport> {
  const { resolved, given } = context;
  const changedSince = { ref: resolved.changedSince!, commit: base.commit, problem: null };
  const histories = failingSources(report.results, kept);
  if (histories.length === 0 || given.signal?.aborted) return { ...report, changedSince };
  let checkout: Checkout | undefined;
  try {
    checkout = await checkOut(base, given.signal);
    const { then, problem } = await replayThen(histories, base, checkout, context);
    return given.signal?.aborted
      ? { ...report, changedSince }
      : { ...markExisting(report, then), changedSince: { ...changedSince, problem } };
  } catch (err) {
    // What was found without it stands.
    if (given.signal?.aborted) return { ...report, changedSince };
    throw err;
  } finally {
    await checkout?.remove();
  }
}

/** Each once; a file of several histories is replayed as a whole. */
function failingSources(
  results: readonly DiagnosedResult[],
  kept: ReadonlyMap<string, HistorySource>,
): HistorySource[] {
  const failing = results
    .filter(({ verdict }) => verdict !== 'compatible')
    .map(({ file }) => kept.get(file) ?? kept.get(file.replace(/#\d+$/, '')));
  return [...new Set(failing.filter((source) => source !== undefined))];
}

async function replayThen(
  histories: HistorySource[],
  { root, commit }: Base,
  checkout: Checkout,
  { resolved, given, cwd, replay }: GateContext,
): Promise<{ then: DiagnosedResult[]; problem: string | null }> {
  const { projects, missing } = projectsThen(resolved.projects, { root, code: checkout.root });
  const at = `At ${commit.slice(0, 12)} (where this branch left ${resolved.changedSince})`;
  const absent = `${at} there is no workflow code of ${missing.join(', ')}: its failures count as new.`;
  if (projects.length === 0) return { then: [], problem: absent };
  const { concurrency, timeoutMs, fast } = resolved;
  const { results } = await replay({
    projects,
    concurrency,
    timeout: timeoutMs,
    fast,
    // What is built for a directory that is about to go is of no use to anyone else.
    cacheDir: join(checkout.scratch, 'bundles'),
    histories,
    cwd,
    ...(given.signal && { signal: given.signal }),
  });
  const unbuilt = results.find(({ error }) => error?.code === 'BUNDLE_FAILED')?.error?.message;
  const broken = unbuilt && `${at} the code does not build, its failures count as new: ${unbuilt}`;
  const problem = broken?.replaceAll(`${checkout.root}/`, '') ?? (missing.length > 0 ? absent : null);
  return { then: results, problem };
}
