/**
 * The part of the SDK's worker that emits the reason for which core drops a workflow from the cache: `Worker.evictionsEmitter`
 * (`@temporalio/worker/lib/worker.js`, checked on 1.14.1 and 1.24.0). `test/testing/environment/environment.test.ts` fails
 * when an upgrade changes it. Without the emitter the listener is not called, and a wait ends by its timeout instead.
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

/** The value of `coresdk.workflow_activation.RemoveFromCache.EvictionReason.NONDETERMINISM`. */
const NONDETERMINISM = 3;

/** Calls `listener` with core's message when core rejects the commands of a run as nondeterministic. */
export function onNondeterminism(worker: object, listener: (runId: string, message: string) => void): void {
  (worker as WorkerWithEvictions).evictionsEmitter?.on('eviction', ({ runId, evictJob }) => {
    if (evictJob.reason === NONDETERMINISM) listener(runId, evictJob.message ?? '');
  });
}
