import * as proto from '@temporalio/proto';
import { resolve } from 'node:path';
import { TemporalReplayError } from '../errors';
import { BrokenHistories, brokenHistory } from './broken-history';
import { connectCluster } from './connect';
import type { Cluster } from './connect';
import { downloadHistory } from './download';
import { mapConcurrently } from './map-concurrently';
import { assertCount, checkSelection, countRuns, listRuns } from './query';
import type { ListedRun } from './query';
import { runsByShape } from './runs-by-shape';
import { encodeHistory } from '../history/encode';
import type { History } from '../temporal/event';
import { closedStatusOf, openHistoryStore } from '../history/store';
import type { HistoryStore } from '../history/store';
import { type HistorySource, clusterFile } from '../model/history';
import { FETCH } from '../options/table';
import type { FetchedRun, FetchOptions } from '../options/types';

/** Number of downloads at once, whatever the option says: more only queue in the cluster. */
const MAX_CONCURRENCY = 100;

/**
 * Downloads the histories of the selected runs into files, `<out>/<workflow type>/<workflow id>_<run id>.json`, and
 * yields each run as it is done. A closed run that is already there is not downloaded again, an open one is refreshed.
 * Each file is written whole or not at all, so a fetch that was stopped is completed by the next one.
 *
 * The fetch starts when the first run is requested; to stop early, leave the loop or abort `options.signal`.
 *
 * @throws USAGE, CONFIG_INVALID, CONFIG_NOT_FOUND, OUTPUT_FAILED, ABORTED, CLUSTER_UNREACHABLE, CLUSTER_TLS,
 * CLUSTER_PERMISSION, CLUSTER_NAMESPACE, CLUSTER_QUERY, CLUSTER_HISTORY, CLUSTER_FAILED
 */
export async function* fetchHistories(options: FetchOptions): AsyncGenerator<FetchedRun, void, undefined> {
  const { dryRun = false, refresh = false, gzip = false, concurrency = FETCH.concurrency.default } = options;
  const { perShape } = options;
  const out = resolve(options.out ?? FETCH.out.default);
  checkSelection(options);
  assertCount('concurrency', concurrency);
  assertCount('per-shape', perShape);

  const cluster = await connectCluster(options, options.signal);
  try {
    const store = await openHistoryStore(out, { gzip, readOnly: dryRun });
    const fetchOne = (run: ListedRun, signal: AbortSignal) =>
      dryRun ? lookUp(store, run, refresh) : fetchRun(cluster, store, run, refresh, signal);
    const broken = new BrokenHistories();
    const chosen =
      perShape === undefined
        ? null
        : await runsByShape(cluster, options, { perShape, concurrency: atMost(concurrency) }, (history) =>
            broken.without(history),
          );
    yield* eachRun(cluster, options, { concurrency, chosen }, fetchOne, (run) => run);
    broken.check();
  } finally {
    await cluster.close();
  }
}

/**
 * Yields the histories of the selected runs straight from the cluster, for {@link replayHistories}, and stores nothing. `file` is
 * `temporal://<namespace>/<workflow id>/<run id>` (each part URI-encoded), `bytes` a binary
 * `temporal.api.history.v1.History`. Runs that are gone are left out, and reported to `onProgress`.
 *
 * @throws as {@link fetchHistories}
 */
export async function* streamHistories(
  options: FetchOptions,
): AsyncGenerator<HistorySource, void, undefined> {
  const { concurrency = FETCH.concurrency.default } = options;
  checkSelection(options);
  assertCount('concurrency', concurrency);

  const cluster = await connectCluster(options, options.signal);
  try {
    const fetchOne = async (listed: ListedRun, signal: AbortSignal) => {
      const history = listed.gone ? null : await downloadHistory(cluster, listed, signal);
      if (history === null) return { run: goneRun(listed), source: null };
      const bytes = proto.temporal.api.history.v1.History.encode(history).finish();
      const file = clusterFile(cluster.namespace, listed.workflowId, listed.runId);
      const run: FetchedRun = {
        ...describe(listed, history),
        outcome: 'new',
        bytes: bytes.length,
        file: null,
      };
      return { run, source: { file, bytes } };
    };
    // Complete histories wait here for the replay, so no more are downloaded than it needs.
    const results = eachRun(
      cluster,
      options,
      { concurrency, ahead: concurrency },
      fetchOne,
      ({ run }) => run,
    );
    for await (const { source } of results) {
      if (source !== null) yield source;
    }
  } finally {
    await cluster.close();
  }
}

const atMost = (concurrency: number): number => Math.min(concurrency, MAX_CONCURRENCY);

async function* eachRun<T>(
  cluster: Cluster,
  options: FetchOptions,
  pace: { concurrency: number; ahead?: number; chosen?: readonly ListedRun[] | null },
  fetchOne: (run: ListedRun, signal: AbortSignal) => Promise<T>,
  runOf: (result: T) => FetchedRun,
): AsyncGenerator<T, void, undefined> {
  const { signal, onProgress } = options;
  const { concurrency, chosen = null, ...rest } = pace;
  const broken = new BrokenHistories();
  let total = chosen?.length ?? null;
  let done = 0;
  // The count is for progress only, so nothing waits for it.
  const counting = new AbortController();
  if (onProgress !== undefined && total === null)
    void expectedTotal(cluster, options, counting.signal).then((count) => (total ??= count));

  const listing = async function* () {
    let listed = 0;
    for await (const run of chosen ?? listRuns(cluster, options, signal)) {
      listed++;
      yield run;
    }
    total = listed;
  };
  try {
    const results = mapConcurrently(
      listing(),
      { ...rest, concurrency: atMost(concurrency), signal },
      (run, callSignal) => broken.without(fetchOne(run, callSignal)),
    );
    for await (const result of results) {
      if (result === null) continue;
      done++;
      onProgress?.({ done, total: total === null ? null : Math.max(total, done), run: runOf(result) });
      yield result;
    }
    broken.check();
  } catch (err) {
    // An abort between two calls surfaces as the platform's own AbortError.
    throw signal?.aborted ? new TemporalReplayError('ABORTED', 'Stopped.', { cause: err }) : err;
  } finally {
    counting.abort();
  }
}

/** Returns the number of runs to expect; null if it is not known, or is no longer needed. */
async function expectedTotal(
  cluster: Cluster,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<number | null> {
  const { query, executions, limit = Infinity, limitPerType } = options;
  if (limitPerType !== undefined) return null;
  const count = query === undefined ? (executions?.length ?? 0) : await countRuns(cluster, query, signal);
  return count === null ? null : Math.min(count, limit);
}

async function fetchRun(
  cluster: Cluster,
  store: HistoryStore,
  listed: ListedRun,
  refresh: boolean,
  signal: AbortSignal,
): Promise<FetchedRun> {
  if (listed.gone) return goneRun(listed);
  if (!refresh) {
    // The status in the listing can be out of date; a history that has its last event is final.
    const stored = await store.find(listed);
    if (stored !== null && stored.closedStatus !== null) {
      const { file, bytes, events, closedStatus } = stored;
      return { ...describe(listed), status: closedStatus, events, outcome: 'unchanged', bytes, file };
    }
  }
  const history = await downloadHistory(cluster, listed, signal);
  if (history === null) return goneRun(listed);
  return { ...describe(listed, history), ...(await store.write(listed, encoded(history, listed))) };
}

/** Returns the text of a history to store. @throws CLUSTER_HISTORY if it holds values that have no such text */
function encoded(history: History, listed: ListedRun): string {
  try {
    return encodeHistory(history);
  } catch (err) {
    throw brokenHistory(listed, 'the cluster sent a value that has no JSON text', err);
  }
}

/** Returns what a fetch would do with a run, without a call for it. */
async function lookUp(store: HistoryStore, listed: ListedRun, refresh: boolean): Promise<FetchedRun> {
  if (listed.gone) return goneRun(listed);
  const stored = await store.find(listed);
  const outcome = stored === null ? 'new' : stored.closedStatus === null || refresh ? 'updated' : 'unchanged';
  return { ...describe(listed), outcome, bytes: stored?.bytes ?? 0, file: null };
}

function describe(listed: ListedRun, history?: History) {
  const { workflowId, runId, workflowType, status, events } = listed;
  const last = history?.events?.at(-1);
  if (last === undefined) return { workflowId, runId, workflowType, status, events };
  const eventType = proto.temporal.api.enums.v1.EventType[last.eventType ?? 0] ?? '';
  return {
    workflowId,
    runId,
    workflowType,
    status: closedStatusOf(eventType) ?? status,
    events: Number(last.eventId),
  };
}

function goneRun({ workflowId, runId, workflowType, status }: ListedRun): FetchedRun {
  return { workflowId, runId, workflowType, status, outcome: 'gone', events: 0, bytes: 0, file: null };
}
