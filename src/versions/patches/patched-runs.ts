import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ClusterRuns, type DownloadedRun, TOLD_PROBLEMS } from '../../fetch/cluster-runs';
import type { ListedRun } from '../../fetch/query';
import { decodeHistories } from '../../history/decode';
import { type HistorySource, labelOfHistory } from '../../model/history';
import type { DiagnosedResult } from '../../model/report';
import type { PatchDecisionsById } from '../../model/patches';
import { isClosed } from '../../temporal/event';
import { identityOf } from '../../temporal/identity';
import { patchMarkersIn } from '../../temporal/markers';
import { versioningOf } from '../../temporal/versioning';
import { reachOf } from '../reach';
import type { CodePatches } from './code-patches';
import { RunsAcrossDeploys } from './runs-across-deploys';
import type { PatchTally, PatchUse, RunGroup } from './patch-tally';

/** Numbers of runs of a cluster. */
export interface RunCounts {
  openRuns: number;
  closedRuns: number;
  downloaded: number;
  unknown: number;
}

/**
 * Size in bytes of the search attribute from which on it may lack patches: core leaves out what would make it longer than 2,048
 * (`MAX_SEARCH_ATTR_PAYLOAD_SIZE` in sdk-core's upsert_search_attributes_state_machine.rs, checked on 1.24.0).
 */
const FULL_ATTRIBUTE_BYTES = 1_500;

/**
 * Counts the runs of a cluster and the histories of a corpus by the patches that they have met. Runs about which the cluster's list does
 * not say enough are downloaded, and those without the marker of a patch that they may have come to are replayed.
 */
export class PatchedRuns {
  readonly counts: RunCounts = { openRuns: 0, closedRuns: 0, downloaded: 0, unknown: 0 };
  readonly problems: string[] = [];
  histories = 0;
  /** Files of the corpus with more than one history, by the names of these histories. */
  readonly sharedFiles = new Map<string, string>();
  private readonly due = new Map<string, Omit<PatchUse, 'decisions' | 'isWhole'>>();
  /** Ids of closed runs that may have begun before a patch was deployed. */
  private readonly across = new Set<string>();
  private readonly liveIds: ReadonlySet<string>;

  /** @param versions the versions about to go out, as text */
  constructor(
    code: CodePatches,
    private readonly tally: PatchTally,
    private readonly versions: readonly string[],
  ) {
    this.liveIds = new Set(
      code.calls.flatMap(({ id, call }) => (id !== null && call === 'patched' ? [id] : [])),
    );
  }

  /** Yields the histories of a corpus, for the replay. */
  async *ofCorpus(sources: Iterable<HistorySource>, cwd: string): AsyncGenerator<HistorySource> {
    for (const source of sources) {
      const bytes = source.bytes ?? (await readFile(resolve(cwd, source.file)).catch(() => null));
      if (bytes === null) {
        this.tell(`${source.file} cannot be read.`);
        continue;
      }
      for (const { reference, history, problem, ...hint } of decodeHistories({ file: source.file, bytes })) {
        const label = labelOfHistory(reference);
        // The first history of a file has the file's own name.
        if (reference.index > 0)
          for (const name of [source.file, label]) this.sharedFiles.set(name, source.file);
        if (!history) {
          this.tell(`${label} ${problem.message}`);
          continue;
        }
        this.due.set(label, {
          workflowType: identityOf(history, hint).workflowType ?? '',
          group: 'corpus',
          markers: patchMarkersIn(history.events ?? []),
          closedAtMs: null,
          file: label,
        });
      }
      yield source;
    }
  }

  /** Yields the histories of a cluster's runs that have to be replayed. */
  async *ofCluster(cluster: ClusterRuns, isOwn: (run: ListedRun) => boolean): AsyncGenerator<HistorySource> {
    for await (const downloaded of cluster.download(this.toDownload(cluster.list(), isOwn))) {
      const source = this.look(downloaded);
      if (source) yield source;
    }
  }

  /** Counts a history that was replayed. Returns the group of its run. */
  judge(result: DiagnosedResult, decisions: PatchDecisionsById | undefined): RunGroup | null {
    const { file, verdict } = result;
    const due = this.due.get(file);
    if (!due) return null;
    this.due.delete(file);
    if (due.group === 'corpus') this.histories++;
    const isWhole = (verdict === 'compatible' || verdict === 'drifted') && decisions !== undefined;
    if (!isWhole && due.group !== 'corpus') this.counts.unknown++;
    this.tally.add({ ...due, decisions: decisions ?? null, isWhole });
    return due.group;
  }

  /** Counts the histories whose replay did not come to an end. */
  finish(): void {
    for (const [, due] of this.due) {
      if (due.group !== 'corpus') this.counts.unknown++;
      this.tally.add({ ...due, decisions: null, isWhole: false });
    }
    this.due.clear();
  }

  private async *toDownload(
    runs: AsyncIterable<ListedRun>,
    isOwn: (run: ListedRun) => boolean,
  ): AsyncGenerator<ListedRun> {
    const deploys = new RunsAcrossDeploys();
    for await (const run of runs) {
      if (!isOwn(run)) continue;
      if (run.closedAtMs === null) this.counts.openRuns++;
      else this.counts.closedRuns++;
      if (run.closedAtMs === null || !this.isSaidByList(run)) yield run;
      else for (const late of deploys.take(run)) this.tally.add(closedUse(late));
    }
    const { late, across } = deploys.end();
    for (const run of late) this.tally.add(closedUse(run));
    for (const run of across) {
      this.across.add(run.runId);
      yield run;
    }
  }

  /** Returns true if the list tells all that counts about a closed run: the marker of each patch, and that all are of `patched()`. */
  private isSaidByList({ workflowType, changeVersions }: ListedRun): boolean {
    const ids = this.tally.idsFor(workflowType);
    const size = Buffer.byteLength(JSON.stringify(changeVersions));
    if (size >= FULL_ATTRIBUTE_BYTES) return false;
    // An old SDK sets no search attribute.
    if (changeVersions.length === 0) return ids.length === 0;
    return (
      changeVersions.every((id) => this.liveIds.has(id)) &&
      ids.every((id) => !this.liveIds.has(id) || changeVersions.includes(id))
    );
  }

  /** Counts a run that was downloaded. Returns its history if it is to be replayed. */
  private look({ run, history, problem }: DownloadedRun): HistorySource | null {
    if (problem !== null) this.tell(problem);
    if (history === null) {
      // A run that is gone holds nothing back.
      if (problem !== null) this.count(run, new Map(), false);
      return null;
    }
    this.counts.downloaded++;
    const { events, source } = history;
    const isOpen = !isClosed(events);
    const markers = patchMarkersIn(events);
    if (isOpen && reachOf(versioningOf(events), this.versions) === 'stays') {
      this.count(run, markers, true, 'pinned');
      return null;
    }
    const isReplayed =
      isOpen ||
      this.across.has(run.runId) ||
      this.tally.idsFor(run.workflowType).some((id) => this.liveIds.has(id) && !markers.has(id));
    if (!isReplayed) {
      this.count(run, markers, true);
      return null;
    }
    const group = isOpen ? 'open' : 'closed';
    this.due.set(source.file, {
      workflowType: run.workflowType,
      group,
      markers,
      closedAtMs: run.closedAtMs,
      file: source.file,
    });
    return source;
  }

  private tell(problem: string): void {
    if (this.problems.length < TOLD_PROBLEMS) this.problems.push(problem);
  }

  private count(
    { workflowType, closedAtMs }: ListedRun,
    markers: PatchUse['markers'],
    isWhole: boolean,
    group: PatchUse['group'] = closedAtMs === null ? 'open' : 'closed',
  ): void {
    if (!isWhole) this.counts.unknown++;
    this.tally.add({ workflowType, group, markers, decisions: null, isWhole, closedAtMs, file: null });
  }
}

const closedUse = ({ workflowType, changeVersions, closedAtMs }: ListedRun): PatchUse => ({
  ...{ workflowType, group: 'closed', closedAtMs, decisions: null, isWhole: true, file: null },
  markers: new Map(changeVersions.map((id) => [id, 'live'])),
});
