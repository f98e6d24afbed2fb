import type { SourceOverlay } from '../../bundle/source-overlay';
import { ClusterRuns } from '../../fetch/cluster-runs';
import type { ListedRun } from '../../fetch/query';
import type { HistorySource } from '../../model/history';
import type { PatchReport, PatchRow, WrongUse } from '../../model/patches';
import type { Verdict } from '../../model/verdict';
import type { ConnectionOptions, PatchOptions, ReplayOptions } from '../../options/types';
import { checkEnd, startReplayFor } from '../../run/run';
import type { ReplayedCode } from '../../run/replayed-code';
import { relativeFile } from '../../source/relative-location';
import { requireBuilt, versionAskedFor, versionsOf } from '../deployed-code';
import { queuesOf } from '../own-runs';
import { type CodePatchCall, type CodePatches, patchesIn } from './code-patches';
import { changedUsesOf } from './changed-uses';
import { patchRow } from './patch-report';
import { PatchedRuns } from './patched-runs';
import { type PatchCounts, PatchTally, type RunGroup } from './patch-tally';
import { wrongUsesOf } from './wrong-uses';

/** The histories and runs that patches are looked up in. */
export interface PatchScope {
  /** Histories of the corpus; they may be none. */
  corpus: readonly HistorySource[];
  /** The cluster with the runs of the code; null to look at the corpus alone. */
  cluster: { connection: ConnectionOptions; query: string | null } | null;
  /** The version about to go out, as text; null for the versions that the projects name. */
  version: string | null;
}

/** A history that is not compatible with the code. */
export interface FaultyHistory {
  verdict: Verdict;
  group: RunGroup;
}

/** The state of the patches, with the code that they stand in. */
export interface InspectedPatches {
  report: PatchReport;
  code: readonly ReplayedCode[];
  /** The histories that are not compatible, by the names of their histories in reports. */
  faulty: ReadonlyMap<string, FaultyHistory>;
  /** Files of the corpus with more than one history, by the names of these histories. */
  sharedFiles: ReadonlyMap<string, string>;
}

/** Finds the patches of the code for the library, see `lazy-versions.ts`. */
export async function inspectPatches(options: PatchOptions): Promise<PatchReport> {
  const { connection = {}, query, buildId, deployment, histories = [], corpusOnly, ...replayed } = options;
  const corpus: HistorySource[] = [];
  for await (const history of histories) corpus.push(history);
  const scope: PatchScope = {
    corpus,
    cluster: corpusOnly ? null : { connection, query: query ?? null },
    version: versionAskedFor({ buildId, deployment }),
  };
  return (await lookUpPatches(replayed, scope)).report;
}

/**
 * Finds the patches of the code, and counts the runs of a cluster and the histories of a corpus that each of them still serves.
 *
 * @throws TemporalReplayError BUNDLE_FAILED, CLUSTER_*, and as `startReplayFor`
 */
export async function lookUpPatches(
  options: Omit<ReplayOptions, 'histories'>,
  scope: PatchScope,
): Promise<InspectedPatches> {
  const { inspection, code, faulty } = await inspected(options, scope);
  const report = await inspection.finish();
  return { report, code, faulty, sharedFiles: inspection.runs?.sharedFiles ?? new Map() };
}

/** Returns the histories that are not compatible with changed code. @throws as {@link lookUpPatches} */
export const faultyWith = async (
  overlay: SourceOverlay,
  options: Omit<ReplayOptions, 'histories'>,
  scope: PatchScope,
): Promise<ReadonlyMap<string, FaultyHistory>> => (await inspected(options, scope, overlay)).faulty;

/** Replays the histories and runs in which patches are looked up. */
async function inspected(
  options: Omit<ReplayOptions, 'histories'>,
  scope: PatchScope,
  overlay?: SourceOverlay,
): Promise<{
  inspection: Inspection;
  code: ReplayedCode[];
  faulty: ReadonlyMap<string, FaultyHistory>;
}> {
  const inspection = new Inspection(options, scope);
  const faulty = new Map<string, FaultyHistory>();
  const run = startReplayFor(
    { ...options, adviceTimeout: 0, histories: inspection.histories(() => run.code()) },
    { traces: 'none', patchDecisions: true },
    {
      keeps: () => false,
      onResult(result, decisions) {
        const { file, verdict } = result;
        const group = inspection.runs?.judge(result, decisions) ?? 'corpus';
        if (verdict !== 'compatible') faulty.set(file, { verdict, group });
      },
      ...(overlay && { overlay }),
    },
  );
  try {
    await inspection.connect();
    await run.report();
  } finally {
    await inspection.close();
  }
  checkEnd(run, options.signal);
  return { inspection, code: await run.code(), faulty };
}

class Inspection {
  runs: PatchedRuns | null = null;
  private code: CodePatches | null = null;
  private tally: PatchTally | null = null;
  private retentionMs: number | null = null;
  private cluster: ClusterRuns | null = null;

  constructor(
    private readonly options: Omit<ReplayOptions, 'histories'>,
    private readonly scope: PatchScope,
  ) {}

  /** Asks the cluster for its runs, before the code is bundled. @throws CLUSTER_*, CONFIG_INVALID, CONFIG_NOT_FOUND, ABORTED */
  async connect(): Promise<void> {
    if (this.scope.cluster === null) return;
    const { connection, query } = this.scope.cluster;
    this.cluster = await ClusterRuns.of(connection, { areOpen: false, query, signal: this.options.signal });
    this.retentionMs = await this.cluster.retentionMs();
  }

  async close(): Promise<void> {
    await this.cluster?.close();
  }

  /** Yields the histories that are replayed. @param codeOf returns the code, once it is bundled */
  async *histories(codeOf: () => Promise<ReplayedCode[]>): AsyncGenerator<HistorySource> {
    const code = await codeOf();
    requireBuilt(code);
    this.code = patchesIn(code);
    this.tally = new PatchTally(this.code);
    this.runs = new PatchedRuns(this.code, this.tally, versionsOf(this.scope.version, code));
    yield* this.runs.ofCorpus(this.scope.corpus, this.options.cwd ?? process.cwd());
    if (this.cluster) yield* this.ofCluster(code, this.cluster, this.runs);
  }

  /** Counts what is left, and returns the report. */
  async finish(): Promise<PatchReport> {
    const { code, tally, runs } = this;
    const cwd = this.options.cwd ?? process.cwd();
    if (!code || !tally || !runs) throw new Error('The code of the patches was not looked at.');
    runs.finish();
    const inReport = <Placed extends { file: string }>(call: Placed): Placed => ({
      ...call,
      file: relativeFile(call.file, cwd),
    });
    const calls = [...code.calls, ...computedCalls(code, tally)].map(inReport);
    const changed = await changedUsesOf(calls);
    const rows = [...tally.all()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([id, counts]) => {
        const own = calls.filter((call) => call.id === id);
        return this.rowOf(id, own, counts, [...wrongUsesOf(own, counts), ...(changed.get(id) ?? [])]);
      });
    return {
      schemaVersion: 1,
      patches: rows,
      cluster: this.scope.cluster && { retentionMs: this.retentionMs, ...runs.counts },
      histories: runs.histories,
      computedIds: calls.flatMap(({ id, file, line, column }) =>
        id === null ? [{ file, line, column }] : [],
      ),
      problems: runs.problems,
    };
  }

  private rowOf(
    id: string,
    calls: readonly CodePatchCall[],
    counts: PatchCounts,
    wrongUses: WrongUse[],
  ): PatchRow | [] {
    const row = patchRow(id, calls, counts, {
      retentionMs: this.retentionMs,
      isOfCorpus: this.scope.cluster === null,
    });
    // Markers that no run needs tell of a patch that went as it should.
    const isOver =
      calls.length === 0 && row.heldBackBy.open + row.heldBackBy.closed + row.heldBackBy.corpus === 0;
    return isOver ? [] : { ...row, wrongUses };
  }

  private async *ofCluster(
    code: readonly ReplayedCode[],
    cluster: ClusterRuns,
    runs: PatchedRuns,
  ): AsyncGenerator<HistorySource> {
    const queues = await queuesOf(code, cluster);
    yield* runs.ofCluster(cluster, (run) => isOwn(run, queues, this.code!));
  }
}

const isOwn = (
  { taskQueue, workflowType }: ListedRun,
  queues: ReadonlySet<string> | null,
  { workflowTypes, takesAnyType }: CodePatches,
): boolean => (queues ? queues.has(taskQueue) : takesAnyType || workflowTypes.includes(workflowType));

/** Returns the calls of patches whose id only a run can tell, for each id that a replay has asked for and no other call has. */
function computedCalls({ calls }: CodePatches, tally: PatchTally): CodePatchCall[] {
  const computed = calls.filter(({ id }) => id === null);
  if (computed.length === 0) return [];
  const known = new Set(calls.map(({ id }) => id));
  return [...tally.all().keys()]
    .filter((id) => !known.has(id) && tally.isAsked(id))
    .flatMap((id) => computed.map((call) => ({ ...call, id })));
}
