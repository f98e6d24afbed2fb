import type { FetchOptions } from '../options/types';
import { milliseconds } from '../temporal/event';
import { shapeOf } from '../temporal/shape';
import type { Cluster } from './connect';
import { downloadHistory } from './download';
import { mapConcurrently } from './map-concurrently';
import { type ListedRun, listRuns } from './query';
import { isOpen } from './whole-history';

/** A run with what decides if it is kept. */
interface Candidate {
  run: ListedRun;
  isOpen: boolean;
  /** Number of events. */
  events: number;
  /** Time of its first event in ms. */
  startedMs: number;
}

/**
 * Returns at most so many runs of each workflow type and shape: of closed runs the shortest ones, of open runs those that started
 * last. All selected runs are downloaded once for it, and not kept, so memory grows only with the number of shapes. A run whose
 * history is broken is left out, as the fetch of the others would leave it out.
 *
 * @param download returns null for a broken history
 * @throws CLUSTER_*, ABORTED
 */
export async function runsByShape(
  cluster: Cluster,
  options: Pick<FetchOptions, 'query' | 'executions' | 'limit' | 'limitPerType' | 'signal'>,
  { perShape, concurrency }: { perShape: number; concurrency: number },
  download: (history: ReturnType<typeof downloadHistory>) => ReturnType<typeof downloadHistory>,
): Promise<ListedRun[]> {
  const { signal } = options;
  const kept = new Map<string, Candidate[]>();
  const gone: ListedRun[] = [];
  const candidates = mapConcurrently(
    listRuns(cluster, options, signal),
    { concurrency, ahead: concurrency, signal },
    async (run, callSignal) => ({
      run,
      history: run.gone ? null : await download(downloadHistory(cluster, run, callSignal)),
    }),
  );
  for await (const { run, history } of candidates) {
    const events = history?.events ?? [];
    if (run.gone) gone.push(run);
    if (events.length === 0) continue;
    const key = JSON.stringify([run.workflowType, shapeOf(events)]);
    const startedMs = milliseconds(events[0]!.eventTime);
    const candidate = { run, isOpen: isOpen(run), events: events.length, startedMs };
    kept.set(key, [...(kept.get(key) ?? []), candidate].sort(byWorth).slice(0, perShape));
  }
  return [...gone, ...[...kept.values()].flat().map(({ run }) => run)];
}

/** Compares runs of one shape: an open one says what runs now, and a short one is read and replayed soonest. */
const byWorth = (a: Candidate, b: Candidate): number =>
  Number(b.isOpen) - Number(a.isOpen) ||
  (a.isOpen ? b.startedMs - a.startedMs : a.events - b.events || b.startedMs - a.startedMs);
