import * as proto from '@temporalio/proto';
import type { ClusterRuns } from '../fetch/cluster-runs';
import type { ListedRun } from '../fetch/query';
import type { HistorySource } from '../model/history';
import { type HistoryResult, isAboutCode, resultFailsRun } from '../model/verdict';
import { type Event, isClosed } from '../temporal/event';
import { versioningOf } from '../temporal/versioning';
import type { DeployTally, RowKey } from './deploy-tally';

/** Number of runs of each row whose input is tried. */
const TRIED = 3;

/**
 * The next runs of pinned runs that ask for another version when they continue as new. Such a run starts with the new code, an empty
 * history and an input that is not known yet. The input that a run has now stands for it: the first workflow task of some runs is
 * replayed with the new code.
 */
export class NextRuns {
  private readonly tried: { run: ListedRun; key: RowKey }[] = [];
  private readonly due = new Map<string, RowKey>();

  /** @param types the workflow types that ask for another version */
  constructor(
    private readonly tally: DeployTally,
    private readonly types: ReadonlySet<string>,
  ) {}

  /** Counts a run that stays, if its next run may not. A run that an operator has pinned hands that on. */
  add(run: ListedRun, key: RowKey): void {
    if (key.isOverridden || !this.types.has(run.workflowType)) return;
    this.tally.count(key, 'upgrading');
    if (this.tally.of(key, 'upgrading') <= TRIED) this.tried.push({ run, key });
  }

  /** Yields the beginnings of the runs that are tried. @throws CLUSTER_*, ABORTED */
  async *histories(cluster: ClusterRuns): AsyncGenerator<HistorySource> {
    const keys = new Map(this.tried.map(({ run, key }) => [run.runId, key]));
    for await (const { run, history } of cluster.download(this.tried.map((one) => one.run))) {
      const key = keys.get(run.runId)!;
      if (history === null || isClosed(history.events)) continue;
      if (versioningOf(history.events).isOverridden) {
        this.tally.count(key, 'upgrading', -1);
        continue;
      }
      const { file } = history.source;
      this.due.set(file, key);
      yield { file, bytes: encoded(beginningOf(history.events)) };
    }
  }

  /** Counts the result of a beginning. Returns false for a result of another history. */
  judge(result: HistoryResult): boolean {
    const key = this.due.get(result.file);
    if (key === undefined) return false;
    this.due.delete(result.file);
    if (!isAboutCode(result)) return true;
    this.tally.count(key, 'triedAsNew');
    if (resultFailsRun(result, {})) this.tally.count(key, 'stuckAsNew');
    return true;
  }
}

/** Returns the events of a run up to the start of its first workflow task. */
const beginningOf = (events: readonly Event[]): Event[] =>
  events.slice(0, events.findIndex((event) => event.workflowTaskStartedEventAttributes) + 1);

const encoded = (events: Event[]): Uint8Array =>
  proto.temporal.api.history.v1.History.encode({ events }).finish();
