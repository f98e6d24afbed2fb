import * as proto from '@temporalio/proto';
import { isTemporalReplayError } from '../errors';
import type { DeployRamp } from '../model/deploy';
import { type HistorySource, clusterFile } from '../model/history';
import { FETCH } from '../options/table';
import type { ConnectionOptions } from '../options/types';
import { namedVersionOf, versionOfText, versionText } from '../temporal/deployment-version';
import type { Event } from '../temporal/event';
import { type Cluster, connectCluster } from './connect';
import { downloadHistory } from './download';
import { mapConcurrently } from './map-concurrently';
import { type ListedRun, countRuns, listRuns } from './query';

/** Visibility list filter of runs that are open. It also takes those that are paused. */
const OPEN = 'CloseTime is null';

/** Number of problems that a report lists; the others are of the same kind, most often. */
export const TOLD_PROBLEMS = 3;

/** A run with its history. */
export interface DownloadedRun {
  run: ListedRun;
  /** The history; null if the run is gone, or if not all of it could be had. */
  history: { events: readonly Event[]; source: HistorySource } | null;
  /** The reason why the history cannot be used; null if there is none. */
  problem: string | null;
}

/** The runs of a cluster that are looked at. */
interface Wanted {
  /** Leaves out runs that are closed. */
  areOpen: boolean;
  /** Visibility list filter that narrows the runs down; null for all. */
  query: string | null;
  signal?: AbortSignal | undefined;
}

/** The runs of a cluster: those that are open, or also those that are closed and retained. */
export class ClusterRuns {
  private readonly listed: AsyncGenerator<ListedRun>;
  private readonly first: Promise<IteratorResult<ListedRun>>;

  private constructor(
    private readonly cluster: Cluster,
    private readonly wanted: Wanted,
  ) {
    this.listed = listRuns(cluster, { query: this.filter(wanted.query) }, wanted.signal);
    this.first = this.listed.next();
  }

  /**
   * Connects to a cluster, and asks for the first of its runs: a wrong address, query or permission is an error at once.
   *
   * @throws CLUSTER_*, CONFIG_INVALID, CONFIG_NOT_FOUND, PACKAGE_MISSING, ABORTED
   */
  static async of(connection: ConnectionOptions, wanted: Wanted): Promise<ClusterRuns> {
    const runs = new ClusterRuns(await connectCluster(connection, wanted.signal), wanted);
    try {
      await runs.first;
      return runs;
    } catch (err) {
      await runs.close();
      throw err;
    }
  }

  /** Lists the runs, once: those that are open, the one that started last first, then the others. @throws CLUSTER_*, ABORTED */
  async *list(): AsyncGenerator<ListedRun> {
    const first = await this.first;
    if (first.done) return;
    yield first.value;
    yield* this.listed;
  }

  /** Returns the time in ms for which the cluster keeps closed runs; null if it does not say. @throws CLUSTER_*, ABORTED */
  async retentionMs(): Promise<number | null> {
    const { namespace } = this.cluster;
    const { config } = await this.cluster.call((service) => service.describeNamespace({ namespace }), {
      signal: this.wanted.signal,
    });
    const { seconds } = config?.workflowExecutionRetentionTtl ?? {};
    return seconds === null || seconds === undefined ? null : Number(seconds) * 1000;
  }

  /** Returns the ramp of a deployment that is under way; null if there is none, or if the cluster does not say. */
  async rampOf(deploymentName: string): Promise<DeployRamp | null> {
    const { namespace } = this.cluster;
    try {
      const { workerDeploymentInfo } = await this.cluster.call(
        (service) => service.describeWorkerDeployment({ namespace, deploymentName }),
        { signal: this.wanted.signal, isRetried: false },
      );
      return rampIn(workerDeploymentInfo ?? {}, deploymentName);
    } catch {
      // Older servers have no deployments, and the runs count in the same way without.
      return null;
    }
  }

  /** Returns true if a task queue has such runs. */
  async hasQueue(taskQueue: string): Promise<boolean> {
    const ofQueue = `TaskQueue = '${taskQueue.replaceAll("'", "''")}'`;
    return ((await countRuns(this.cluster, this.filter(ofQueue), this.wanted.signal)) ?? 0) > 0;
  }

  /** Downloads the histories of runs, in their order. @throws CLUSTER_*, ABORTED */
  download = (runs: AsyncIterable<ListedRun> | Iterable<ListedRun>): AsyncGenerator<DownloadedRun> => {
    const concurrency = FETCH.concurrency.default;
    // Whole histories wait here for the replay, so no more are downloaded than it needs.
    const options = { concurrency, ahead: concurrency, signal: this.wanted.signal };
    return mapConcurrently(runs, options, (run, signal) => this.downloadOne(run, signal));
  };

  close = (): Promise<void> => this.cluster.close();

  private filter(condition: string | null): string {
    const given = condition === null || condition.trim() === '' ? null : `(${condition})`;
    return [this.wanted.areOpen ? OPEN : null, given].filter((part) => part !== null).join(' AND ');
  }

  private async downloadOne(run: ListedRun, signal: AbortSignal): Promise<DownloadedRun> {
    try {
      const history = await downloadHistory(this.cluster, run, signal);
      if (history === null) return { run, history: null, problem: null };
      const file = clusterFile(this.cluster.namespace, run.workflowId, run.runId);
      const bytes = proto.temporal.api.history.v1.History.encode(history).finish();
      return { run, history: { events: history.events ?? [], source: { file, bytes } }, problem: null };
    } catch (err) {
      if (!isTemporalReplayError(err) || err.code !== 'CLUSTER_HISTORY') throw err;
      return { run, history: null, problem: err.message };
    }
  }
}

function rampIn(
  { routingConfig }: proto.temporal.api.deployment.v1.IWorkerDeploymentInfo,
  deployment: string,
): DeployRamp | null {
  const percentage = routingConfig?.rampingVersionPercentage ?? 0;
  if (!routingConfig || percentage <= 0) return null;
  const textOf = (
    version: proto.temporal.api.deployment.v1.IWorkerDeploymentVersion | null | undefined,
    text: string | null | undefined,
  ): string | null => {
    const named = namedVersionOf(version) ?? versionOfText(text);
    return named && versionText(named);
  };
  return {
    deployment,
    current: textOf(routingConfig.currentDeploymentVersion, routingConfig.currentVersion),
    ramping: textOf(routingConfig.rampingDeploymentVersion, routingConfig.rampingVersion),
    percentage,
  };
}
