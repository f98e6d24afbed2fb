import * as proto from '@temporalio/proto';
import type { Event, History } from '../temporal/event';
import { brokenHistory, type RunIds } from './broken-history';
import { isRunNotFound } from './cluster-error';
import type { Cluster } from './connect';
import { PageTokens } from './pages';
import { describeRun, type ListedRun } from './query';
import { isOpen, problemOfHistory } from './whole-history';

const HistoryMessage = proto.temporal.api.history.v1.History;

/** Limits of one history, which is kept in memory: several times those of a server by default (51,200 events, 50 MB). */
const MAX_EVENTS = 256_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** Attempts to download a history that does not agree with its run as listed: it may have changed meanwhile. */
const ATTEMPTS = 2;

/**
 * Downloads the history of a run with all its pages, and checks that it is the whole one.
 *
 * @returns null if the run is gone, because it was deleted or its retention has ended
 * @throws CLUSTER_*, ABORTED
 */
export async function downloadHistory(
  cluster: Cluster,
  run: RunIds & Partial<ListedRun>,
  signal?: AbortSignal,
): Promise<History | null> {
  try {
    for (let attempt = 1; ; attempt++) {
      const known = await lengthKnown(cluster, run, signal);
      if (known.gone) return null;
      const history = { events: await eventsOf(cluster, run, signal) };
      const problem = problemOfHistory(history, known);
      if (problem === null) return history;
      if (attempt === ATTEMPTS) throw brokenHistory(run, problem);
    }
  } catch (err) {
    if (isRunNotFound(err)) return null;
    throw err;
  }
}

/** Returns the run with its number of events, which lists do not hold while it is open. */
async function lengthKnown(
  cluster: Cluster,
  run: RunIds & Partial<ListedRun>,
  signal: AbortSignal | undefined,
): Promise<RunIds & Partial<ListedRun>> {
  const { status, events = 0 } = run;
  if (status === undefined || !isOpen({ status }) || events > 0) return run;
  return describeRun(cluster, run, signal);
}

async function eventsOf(
  cluster: Cluster,
  { workflowId, runId }: RunIds,
  signal: AbortSignal | undefined,
): Promise<Event[]> {
  const { namespace } = cluster;
  const execution = { workflowId, runId };
  const tokens = new PageTokens(`the history of workflow ${workflowId}, run ${runId}`);
  const events: Event[] = [];
  let bytes = 0;
  let nextPageToken: Uint8Array | null = null;
  do {
    const page = await cluster.call(
      (service) => service.getWorkflowExecutionHistory({ namespace, execution, nextPageToken }),
      { signal },
    );
    const before = events.length;
    for (const part of partsOf(page, execution)) {
      for (const event of part) {
        const due = events.length + 1;
        if (Number(event.eventId) !== due)
          throw brokenHistory(
            execution,
            `the cluster sent event ${String(event.eventId)} where ${due} should be`,
          );
        if (due > MAX_EVENTS) throw brokenHistory(execution, `it has more than ${MAX_EVENTS} events`);
        events.push(event);
      }
      bytes += HistoryMessage.encode({ events: part }).len;
      if (bytes > MAX_BYTES)
        throw brokenHistory(execution, `it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
    }
    nextPageToken = tokens.next(page.nextPageToken, events.length > before);
  } while (nextPageToken);
  return events;
}

type Page = proto.temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryResponse;

/** Yields the events of a page in parts. */
function* partsOf(page: Page, execution: RunIds): Generator<Event[]> {
  yield page.history?.events ?? [];
  // A cluster can be configured to send histories as they are stored.
  for (const { data } of page.rawHistory ?? []) {
    try {
      yield HistoryMessage.decode(data ?? new Uint8Array()).events;
    } catch (err) {
      throw brokenHistory(execution, 'the cluster sent events that cannot be decoded', err);
    }
  }
}
