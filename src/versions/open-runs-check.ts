import { randomInt } from 'node:crypto';
import { ClusterRuns, TOLD_PROBLEMS } from '../fetch/cluster-runs';
import type { ListedRun } from '../fetch/query';
import type { DeployRamp, DeployReport } from '../model/deploy';
import type { HistorySource } from '../model/history';
import type { DiagnosedResult } from '../model/report';
import type { FailureOptions } from '../model/verdict';
import type { ReplayedCode } from '../run/replayed-code';
import { versionOfText, versionText } from '../temporal/deployment-version';
import { isClosed } from '../temporal/event';
import { shapeOf } from '../temporal/shape';
import { type RunVersioning, versioningOf } from '../temporal/versioning';
import { answerOf } from './deploy-answer';
import { effectOf } from './deploy-effect';
import { DeployTally, type RowKey } from './deploy-tally';
import { inRandomOrder } from './in-random-order';
import { NextRuns } from './next-runs';
import { OwnRuns } from './own-runs';
import { reachOf } from './reach';
import type { DeployScope } from './deploy-scope';
import { requireBuilt, versionsOf } from './deployed-code';
import { upgradingTypes } from './upgrading-types';

/** A run that is being replayed. */
interface Due {
  key: RowKey;
  shape: string;
}

/** Chooses the open runs that are replayed, and counts all of them. */
export class OpenRunsCheck {
  private readonly tally = new DeployTally();
  private readonly due = new Map<string, Due>();
  private readonly problems: string[] = [];
  private readonly seed: number;
  private readonly endsAt: number;
  private code: readonly ReplayedCode[] = [];
  private versions: readonly string[] = [];
  private open: ClusterRuns | null = null;
  private next = new NextRuns(this.tally, new Set());
  private ramps: DeployRamp[] = [];

  constructor(
    private readonly scope: DeployScope,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.seed = scope.seed ?? randomInt(2 ** 31);
    this.endsAt = scope.maxDurationMs === null ? Infinity : performance.now() + scope.maxDurationMs;
  }

  /** Asks the cluster for its open runs, before the code is bundled. @throws CLUSTER_*, CONFIG_INVALID, CONFIG_NOT_FOUND, ABORTED */
  async connect(): Promise<void> {
    const { connection, query } = this.scope;
    this.open = await ClusterRuns.of(connection, { areOpen: true, query, signal: this.signal });
  }

  async close(): Promise<void> {
    await this.open?.close();
  }

  /** Yields the histories that are to be replayed. @param code returns the code, once it is bundled */
  async *dueHistories(code: () => Promise<ReplayedCode[]>): AsyncGenerator<HistorySource> {
    this.code = await code();
    requireBuilt(this.code);
    this.versions = versionsOf(this.scope.version, this.code);
    if (this.open === null) return;
    this.next = new NextRuns(this.tally, upgradingTypes(this.code));
    const own = await OwnRuns.of(this.code, this.open);
    const listed = own.of(this.open.list(), this.tally);
    const { runs, notDrawn, left } = await this.chosen(this.moving(listed));
    let index = 0;
    for await (const { run, history, problem } of this.open.download(runs)) {
      const isDrawn = index++ >= notDrawn;
      if (problem !== null && this.problems.length < TOLD_PROBLEMS) this.problems.push(problem);
      const source = this.look(run, history, { isDrawn, isBroken: problem !== null });
      if (source) yield source;
    }
    for (const run of left()) this.tally.count(keyOf(run), 'notLookedAt');
    if (performance.now() < this.endsAt) yield* this.next.histories(this.open);
    this.ramps = await this.rampsNow(this.open);
  }

  /** Counts a replayed run. */
  judge(result: DiagnosedResult, options: FailureOptions): void {
    const due = this.due.get(result.file);
    if (this.next.judge(result) || !due) return;
    this.due.delete(result.file);
    const types = this.code
      .filter(({ workflowTypes }) => workflowTypes?.includes(result.workflowType ?? ''))
      .map(({ failureErrorTypes }) => failureErrorTypes);
    this.tally.judge(due.key, due.shape, effectOf(result, types, options));
  }

  answer(): DeployReport {
    // Runs whose replay did not come to an end, such as of a check that was interrupted.
    for (const { key } of this.due.values()) this.tally.count(key, 'notLookedAt');
    this.due.clear();
    const { query, perShape } = this.scope;
    const counts = this.tally.counts();
    return {
      ...answerOf(counts, this.problems),
      versions: [...this.versions],
      query,
      counts,
      rows: this.tally.asRows(),
      ramps: this.ramps,
      chosen: this.isChosen || perShape !== null ? { perShape, seed: this.seed } : null,
    };
  }

  /** True if not all runs are looked at. */
  private get isChosen(): boolean {
    return this.scope.sample !== null || this.scope.maxDurationMs !== null;
  }

  /** Yields the runs that get the new code, as far as the list tells, and counts the others. */
  private async *moving(runs: AsyncIterable<ListedRun>): AsyncGenerator<ListedRun> {
    for await (const run of runs) {
      if (run.versioning && reachOf(run.versioning, this.versions) === 'stays') this.stay(run, keyOf(run));
      else yield run;
    }
  }

  private stay(run: ListedRun, key: RowKey): void {
    this.tally.count(key, 'staying');
    this.next.add(run, key);
  }

  /** Returns the ramps of the deployments that the runs and the versions about to go out name. */
  private async rampsNow(cluster: ClusterRuns): Promise<DeployRamp[]> {
    const versions = [...this.versions, ...this.tally.asRows().map(({ version }) => version)];
    const names = new Set(versions.flatMap((text) => versionOfText(text)?.deploymentName ?? []));
    const ramps = await Promise.all([...names].map((name) => cluster.rampOf(name)));
    return ramps.flatMap((ramp) => ramp ?? []);
  }

  /** Returns the runs to look at, in their order, and those that are left after that. */
  private async chosen(runs: AsyncIterable<ListedRun>): Promise<{
    runs: AsyncIterable<ListedRun> | Iterable<ListedRun>;
    notDrawn: number;
    left(): readonly ListedRun[];
  }> {
    if (!this.isChosen) return { runs, notDrawn: 0, left: () => [] };
    const all: ListedRun[] = [];
    for await (const run of runs) all.push(run);
    const ordered = inRandomOrder(all, this.seed);
    const size = Math.min(this.scope.sample ?? Infinity, all.length);
    let taken = 0;
    const next = function* (endsAt: number): Generator<ListedRun> {
      while (taken < size && performance.now() < endsAt) yield ordered.runs[taken++]!;
    };
    return {
      runs: next(this.endsAt),
      notDrawn: ordered.notDrawn,
      left: () => ordered.runs.slice(taken),
    };
  }

  /** Counts a run that was downloaded. Returns its history if it is to be replayed. */
  private look(
    run: ListedRun,
    history: { events: Parameters<typeof shapeOf>[0]; source: HistorySource } | null,
    { isDrawn, isBroken }: { isDrawn: boolean; isBroken: boolean },
  ): HistorySource | null {
    if (history === null) {
      this.tally.count(keyOf(run), isBroken ? 'unjudged' : 'ended');
      return null;
    }
    const versioning = versioningOf(history.events);
    const key = keyOf(run, versioning);
    if (isClosed(history.events)) {
      this.tally.count(key, 'ended');
      return null;
    }
    if (reachOf(versioning, this.versions) === 'stays') {
      this.stay(run, key);
      return null;
    }
    if (run.status === 'PAUSED') this.tally.count(key, 'paused');
    if (!isDrawn && this.isChosen) this.tally.meetNotDrawn(key);
    const shape = shapeOf(history.events);
    const known = this.tally.meetShape(key, shape);
    if (this.scope.perShape !== null && known >= this.scope.perShape) {
      this.tally.count(key, 'represented');
      return null;
    }
    this.due.set(history.source.file, { key, shape });
    return history.source;
  }
}

/** Returns the row that counts a run. */
function keyOf(
  { workflowType, versioning }: ListedRun,
  { behavior, version, isOverridden }: RunVersioning = { isOverridden: false, ...(versioning ?? UNKNOWN) },
): RowKey {
  return { workflowType, behavior, version: version && versionText(version), isOverridden };
}

const UNKNOWN = { behavior: 'unversioned', version: null } as const;
