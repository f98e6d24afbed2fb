/**
 * Relies on `Worker.evictionsEmitter` (`@temporalio/worker/lib/worker.js`, checked on 1.14.1 and 1.24.0), which emits the
 * reason why core drops a workflow from the cache. `test/testing/environment/environment.test.ts` fails when an upgrade
 * changes it. Without the emitter there are no calls: a wait then ends by its timeout.
 */
interface WorkerWithEvictions {
  evictionsEmitter?: {
    on(
      event: 'eviction',
      listener: (eviction: {
        runId: string;
        evictJob: { reason?: number | null; message?: string | null };
      }) => void,
    ): void;
  };
}

/** `coresdk.workflow_activation.RemoveFromCache.EvictionReason.NONDETERMINISM`. */
const NONDETERMINISM = 3;

/** Calls `listener` with core's message when core rejects the commands of a run as nondeterministic. */
export function onNondeterminism(worker: object, listener: (runId: string, message: string) => void): void {
  (worker as WorkerWithEvictions).evictionsEmitter?.on('eviction', ({ runId, evictJob }) => {
    if (evictJob.reason === NONDETERMINISM) listener(runId, evictJob.message ?? '');
  });
}
