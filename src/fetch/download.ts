import * as proto from '@temporalio/proto';
import { TemporalReplayError } from '../errors';
import type { Event, History } from '../temporal/event';
import { isRunNotFound } from './cluster-error';
import type { Cluster } from './connect';

const HistoryMessage = proto.temporal.api.history.v1.History;

/**
 * Downloads the history of a run with all its pages.
 *
 * @returns null if the run is gone, because it was deleted or its retention has ended
 * @throws CLUSTER_*, ABORTED
 */
export async function downloadHistory(
  cluster: Cluster,
  execution: { workflowId: string; runId: string },
  signal?: AbortSignal,
): Promise<History | null> {
  const { namespace } = cluster;
  const { workflowId, runId } = execution;
  const events: Event[] = [];
  let nextPageToken: Uint8Array | undefined;
  try {
    do {
      const page = await cluster.call(
        (service) =>
          service.getWorkflowExecutionHistory({
            namespace,
            execution: { workflowId, runId },
            nextPageToken: nextPageToken ?? null,
          }),
        { signal },
      );
      events.push(...(page.history?.events ?? []));
      // A cluster can be configured to send histories as they are stored.
      for (const blob of page.rawHistory ?? [])
        events.push(...HistoryMessage.decode(blob.data ?? new Uint8Array()).events);
      nextPageToken = page.nextPageToken;
    } while (nextPageToken && nextPageToken.length > 0);
  } catch (err) {
    if (isRunNotFound(err)) return null;
    throw err;
  }
  assertWhole(events, execution);
  return { events };
}

/** Checks that a history is complete: half of one would replay without a failure up to its end. */
function assertWhole(
  events: readonly Event[],
  { workflowId, runId }: { workflowId: string; runId: string },
): void {
  const gap = events.findIndex((event, index) => Number(event.eventId) !== index + 1);
  if (events.length > 0 && gap < 0) return;
  const what = events.length === 0 ? 'no events' : `event ${events[gap]!.eventId} where ${gap + 1} should be`;
  throw new TemporalReplayError(
    'CLUSTER_FAILED',
    `The cluster sent a history with ${what}: workflow ${workflowId}, run ${runId}.`,
  );
}
