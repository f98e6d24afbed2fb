import type { FailedAttempt } from '../activities/activity-runner';
import type { FailedOperation } from '../mocks/opened-mocks';
import type { RunRegistry } from '../runs/run-registry';
import type { Stall } from './stall';

export interface EndlessWorkContext {
  runs: RunRegistry;
  /** The last attempt of each activity, if it failed and the activity has not ended otherwise. */
  failedAttempts: readonly FailedAttempt[];
  /** The last attempt of each mocked Nexus operation, if it failed. */
  failedOperations: readonly FailedOperation[];
  nowMs: number;
  waitingSinceMs: number;
}

/** Intended retries rarely exceed this within half of resultTimeout. An attempt that hangs takes about 0.3 s. */
const MANY_ATTEMPTS = 11;
/** The same for local activities, whose retries core delays in real time: by 1, 2 and 4 s with its defaults. */
const MANY_LOCAL_ATTEMPTS = 4;
const RECENT_LOCAL_MS = 5_000;
const MANY_RUNS = 25;
const MANY_TIMERS = 1_000;
/** Age of the last attempt or step beyond which the work may be over. */
const RECENT_MS = 1_000;

/** Returns the work within a workflow that is repeated without end, so that it neither stalls nor ends; null if there is none. */
export function findEndlessWork(workflowId: string, context: EndlessWorkContext): Stall | null {
  return (
    endlessRetry(workflowId, context) ??
    endlessOperation(workflowId, context) ??
    endlessChain(workflowId, context) ??
    endlessTimers(workflowId, context)
  );
}

function endlessRetry(workflowId: string, { runs, failedAttempts, nowMs }: EndlessWorkContext): Stall | null {
  for (const { info, message, failedAtMs } of failedAttempts) {
    const owner = info.workflowExecution?.workflowId ?? '';
    const [many, recentMs] = info.isLocal
      ? [MANY_LOCAL_ATTEMPTS, RECENT_LOCAL_MS]
      : [MANY_ATTEMPTS, RECENT_MS];
    // The workflow goes on after the last attempt of a local activity.
    if (info.isLocal && info.attempt === info.retryPolicy?.maximumAttempts) continue;
    if (info.attempt < many || nowMs - failedAtMs > recentMs || !runs.isWithin(owner, workflowId)) continue;
    return {
      code: 'ENDLESS_RETRY',
      workflowId: owner,
      reason: `The activity ${info.activityType} has failed ${info.attempt} times and is tried again and again. Its last failure: ${message}`,
      hint: 'Let the activity succeed or throw a nonRetryableFailure(…), or give its retry policy maximumAttempts. If so many attempts are intended, raise resultTimeout.',
    };
  }
  return null;
}

/**
 * Returns the stall of a mocked Nexus operation. Its caller is not known here. An operation of another workflow does not matter to the
 * wait, so it is attributed to the awaited one.
 */
function endlessOperation(workflowId: string, { failedOperations, nowMs }: EndlessWorkContext): Stall | null {
  const found = failedOperations.find(
    ({ attempt, failedAtMs }) => attempt >= MANY_ATTEMPTS && nowMs - failedAtMs <= RECENT_MS,
  );
  if (!found) return null;
  const { service, operation, attempt, message } = found;
  return {
    code: 'ENDLESS_RETRY',
    workflowId,
    reason: `The Nexus operation ${operation} of ${service} has failed ${attempt} times and is tried again and again. Its last failure: ${message}`,
    hint: 'Let it succeed, or throw a nonRetryableFailure(…), an OperationError or a HandlerError that is not retried.',
  };
}

function endlessChain(workflowId: string, { runs, nowMs, waitingSinceMs }: EndlessWorkContext): Stall | null {
  const chains = new Map<string, number>();
  for (const run of runs.all()) {
    if (run.firstActiveAtMs < waitingSinceMs || !runs.isWithin(run.workflowId, workflowId)) continue;
    const length = (chains.get(run.workflowId) ?? 0) + 1;
    chains.set(run.workflowId, length);
    if (length <= MANY_RUNS || nowMs - runs.lastActiveAtMs > RECENT_MS) continue;
    return {
      code: 'ENDLESS_RUNS',
      workflowId: run.workflowId,
      reason: `${run.workflowType} has been run more than ${MANY_RUNS} times: it continues as new, or is retried, again and again.`,
      hint: 'Let it end. If so many runs are intended, raise resultTimeout.',
    };
  }
  return null;
}

function endlessTimers(workflowId: string, { runs, nowMs }: EndlessWorkContext): Stall | null {
  for (const run of runs.all()) {
    if (run.timersInARow <= MANY_TIMERS || nowMs - run.lastActiveAtMs > RECENT_MS) continue;
    if (!runs.isWithin(run.workflowId, workflowId)) continue;
    return {
      code: 'ENDLESS_TIMERS',
      workflowId: run.workflowId,
      reason: `${run.workflowType} starts timers without end: the last ${MANY_TIMERS.toLocaleString('en')} and more have fired with nothing else between them.`,
      hint: 'Send what ends the loop before the result is awaited. If so many timers are intended, raise resultTimeout.',
    };
  }
  return null;
}
