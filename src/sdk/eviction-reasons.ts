import { requireInternal } from './workflow-creator';

/**
 * The reason for which core ended a replay: it rejected the commands of the code (`nondeterminism`), a state machine of it
 * reached an impossible state (`fatal`), or the worker answered a workflow task with a failure (`task-failed`).
 */
export type EvictionReason = 'nondeterminism' | 'fatal' | 'task-failed' | 'other';

/** Values of `coresdk.workflow_activation.RemoveFromCache.EvictionReason`. */
const REASONS: Readonly<Record<number, EvictionReason>> = {
  3: 'nondeterminism',
  4: 'task-failed',
  8: 'fatal',
};

interface ReplayModule {
  evictionReasonToReplayError?: (evictJob: { reason?: number | null }) => object | undefined;
}

const reasons = new WeakMap<object, EvictionReason>();
let isInstalled = false;

/**
 * Remembers the reason for each error that the SDK's replay worker yields from now on.
 *
 * Relies on `evictionReasonToReplayError` of `@temporalio/worker/lib/replay.js`, called through the module's exports (checked
 * on 1.9.3, 1.14.1 and 1.24.0). If it is not found, the name of the error tells a nondeterminism from all others.
 * `test/sdk/eviction-reasons.test.ts` fails when an upgrade changes it.
 */
export function rememberEvictionReasons(): void {
  if (isInstalled) return;
  isInstalled = true;
  const replay = requireInternal<ReplayModule>('@temporalio/worker/lib/replay');
  const original = replay?.evictionReasonToReplayError;
  if (!replay || typeof original !== 'function') return;
  replay.evictionReasonToReplayError = (evictJob) => {
    const error = original(evictJob);
    if (error) reasons.set(error, REASONS[evictJob.reason ?? 0] ?? 'other');
    return error;
  };
}

/** Returns the reason of an error that the SDK's replay worker has yielded. */
export const evictionReasonOf = (error: Error): EvictionReason =>
  reasons.get(error) ?? (error.name === 'DeterminismViolationError' ? 'nondeterminism' : 'other');
