import type { FailedAttempt } from '../activities/activity-runner';
import type { FailedOperation } from '../activities/nexus-runner';
import type { RunRegistry } from '../runs/run-registry';
import type { Stall } from './stall';

export interface EndlessContext {
  runs: RunRegistry;
  /** Last attempts of activities that failed and are not known to have ended otherwise. */
  failedAttempts: readonly FailedAttempt[];
  /** The same of mocked Nexus operations. */
  failedOperations: readonly FailedOperation[];
  nowMs: number;
  waitingSinceMs: number;
}

/** Few that are meant come so far in the time after which this is asked. An attempt that hangs takes some 0.3 s. */
const MANY_ATTEMPTS = 11;
/** Core waits before each of these in real time: with its defaults 1, 2 and 4 s. */
const MANY_LOCAL_ATTEMPTS = 4;
const RECENT_LOCAL_MS = 5_000;
const MANY_RUNS = 25;
const MANY_TIMERS = 1_000;
/** What last happened before that may be over. */
const RECENT_MS = 1_000;

/** Work that is begun again and again: it would not stand still, nor end. Null where there is none. */
export function findEndless(workflowId: string, context: EndlessContext): Stall | null {
  return (
    endlessRetry(workflowId, context) ??
    endlessOperation(workflowId, context) ??
    endlessChain(workflowId, context) ??
    endlessTimers(workflowId, context)
  );
}

function endlessRetry(workflowId: string, { runs, failedAttempts, nowMs }: EndlessContext): Stall | null {
  for (const { info, message, failedAtMs } of failedAttempts) {
    const owner = info.workflowExecution?.workflowId ?? '';
    const [many, recentMs] = info.isLocal
      ? [MANY_LOCAL_ATTEMPTS, RECENT_LOCAL_MS]
      : [MANY_ATTEMPTS, RECENT_MS];
    // The last attempt of a local activity: its workflow goes on.
    if (info.isLocal && info.attempt === info.retryPolicy?.maximumAttempts) continue;
    if (info.attempt < many || nowMs - failedAtMs > recentMs || !runs.isWithin(owner, workflowId)) continue;
    return {
      workflowId: owner,
      reason: `The activity ${info.activityType} has failed ${info.attempt} times and is tried again and again. Its last failure: ${message}`,
      hint: 'Let the activity succeed or throw a nonRetryableFailure(…), or give its retry policy maximumAttempts. Where so many attempts are meant, raise resultTimeout.',
    };
  }
  return null;
}

/** Whose operation it is cannot be seen: that of the workflow that is waited for, or it is not in the way. */
function endlessOperation(workflowId: string, { failedOperations, nowMs }: EndlessContext): Stall | null {
  const found = failedOperations.find(
    ({ attempt, failedAtMs }) => attempt >= MANY_ATTEMPTS && nowMs - failedAtMs <= RECENT_MS,
  );
  if (!found) return null;
  const { service, operation, attempt, message } = found;
  return {
    workflowId,
    reason: `The Nexus operation ${operation} of ${service} has failed ${attempt} times and is tried again and again. Its last failure: ${message}`,
    hint: 'Let it succeed, or throw a nonRetryableFailure(…), an OperationError or a HandlerError that is not tried again.',
  };
}

function endlessChain(workflowId: string, { runs, nowMs, waitingSinceMs }: EndlessContext): Stall | null {
  const chains = new Map<string, number>();
  for (const run of runs.all()) {
    if (run.firstActiveAtMs < waitingSinceMs || !runs.isWithin(run.workflowId, workflowId)) continue;
    const length = (chains.get(run.workflowId) ?? 0) + 1;
    chains.set(run.workflowId, length);
    if (length <= MANY_RUNS || nowMs - runs.lastActiveAtMs > RECENT_MS) continue;
    return {
      workflowId: run.workflowId,
      reason: `${run.workflowType} has been run more than ${MANY_RUNS} times: it continues as new, or is retried, again and again.`,
      hint: 'Let it end. Where so many runs are meant, raise resultTimeout.',
    };
  }
  return null;
}

function endlessTimers(workflowId: string, { runs, nowMs }: EndlessContext): Stall | null {
  for (const run of runs.all()) {
    if (run.timersInARow <= MANY_TIMERS || nowMs - run.lastActiveAtMs > RECENT_MS) continue;
    if (!runs.isWithin(run.workflowId, workflowId)) continue;
    return {
      workflowId: run.workflowId,
      reason: `${run.workflowType} starts timers without end: the last ${MANY_TIMERS.toLocaleString('en')} and more have fired with nothing else between them.`,
      hint: 'Send what ends the loop before the result is awaited. Where so many timers are meant, raise resultTimeout.',
    };
  }
  return null;
}
