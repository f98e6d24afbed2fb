import type { Context } from '@temporalio/activity';
import { TimeoutFailure } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time';
import { type TestTime, timeOf } from './time';

/** Into how many parts a passing time is divided at least: whether the activity is cancelled is seen after each. */
const STEPS = 40;
const REAL_STEP_MS = 100;
const LOOK_AGAIN_MS = 20;
/**
 * Short of the activity's timeout the server's time is left to pass by itself: the test server counts who holds up time, and
 * loses count when a timeout fires within `unlockTimeSkippingWithSleep` of the same activity. Such a sleep starts when the
 * call arrives, so the margin grows with the time that calls take.
 */
const MARGIN_MS = 60;
const MARGIN_LATENCIES = 5;
const CANCELLATION_ARRIVES_WITHIN_MS = 2_000;
const LOCAL_CANCELLATION_ARRIVES_WITHIN_MS = 100;

/**
 * Lets `ms` of workflow time pass within the activity whose context this is: at once where the server skips time, see
 * {@link passInWorkflowTask} for a local activity. Without such a server it waits in real time.
 *
 * @throws the cancellation, as soon as the activity is cancelled, with or without heartbeats
 * @throws AttemptTimedOut where a local activity would take longer than it may
 * @throws Error once the server has ended the attempt, such as by a timeout; nobody hears of it
 */
export async function letTimePass(context: Context, ms: number): Promise<void> {
  const { isLocal } = context.info;
  const time = timeOfContext(context);
  if (time === null || (isLocal && !time.canSkip)) return inRealTime(context, ms);
  if (isLocal) return passInWorkflowTask(context, ms);
  const startedAt = await time.nowMs();
  const until = startedAt + ms;
  for (;;) {
    const askedAt = performance.now();
    const attempt = await attemptOf(context);
    if (attempt.isCancelRequested) await cancellation(context);
    const now = await time.nowMs();
    const latencyMs = performance.now() - askedAt;
    if (now >= until) return;
    const end = Math.min(until, attempt.deadlineMs - MARGIN_MS - MARGIN_LATENCIES * latencyMs);
    const longest = time.canSkip ? Math.max((end - startedAt) / STEPS, 1) : REAL_STEP_MS;
    const step = Math.min(end - now, longest);
    if (step > 0) await stepping(context, time, step);
    else await new Promise<void>((done) => setTimeout(done, Math.min(LOOK_AGAIN_MS, until - now)));
    if (context.cancellationSignal.aborted) await context.cancelled;
  }
}

/** How a local activity ends that would take longer than it may. Core tries it again where the retry policy says so. */
export class AttemptTimedOut extends TimeoutFailure {}

/** Workflow time that is said to have passed in a local activity. */
const passedIn = new WeakMap<Context, number>();

/**
 * A local activity runs within a workflow task, meanwhile the server's time stands still, and core holds its timeouts in real
 * time. So `ms` pass without a wait: what would take longer than the attempt may times out, and the rest goes on at once.
 */
async function passInWorkflowTask(context: Context, ms: number): Promise<void> {
  const { startToCloseTimeoutMs, scheduleToCloseTimeoutMs, retryPolicy, attempt } = context.info;
  const passedMs = (passedIn.get(context) ?? 0) + ms;
  passedIn.set(context, passedMs);
  if (passedMs < startToCloseTimeoutMs) return;
  const soon = new Promise<void>((done) => setTimeout(done, LOCAL_CANCELLATION_ARRIVES_WITHIN_MS));
  await Promise.race([soon, context.cancelled]);
  // Core sets both where the workflow has set the latter alone.
  const isWhole = scheduleToCloseTimeoutMs > 0 && scheduleToCloseTimeoutMs <= startToCloseTimeoutMs;
  // Core alone can say that there are no more attempts where the policy has some left.
  if (isWhole && attempt !== retryPolicy?.maximumAttempts) return inRealTime(context, ms);
  throw new AttemptTimedOut(
    'Activity timed out',
    undefined,
    isWhole ? 'SCHEDULE_TO_CLOSE' : 'START_TO_CLOSE',
  );
}

/** Until the activity is cancelled or timed out. */
export const hangIn = (context: Context): Promise<never> =>
  letTimePass(context, Infinity).then(() => new Promise<never>(() => undefined));

/** A sleep of the server is never left: it would give back the time skipping that it took from the activity after its end. */
async function stepping(context: Context, time: TestTime, ms: number): Promise<void> {
  if (time.canSkip) return time.sleepWithin(ms, context.info);
  await Promise.race([time.sleep(ms), context.cancelled]);
}

async function inRealTime(context: Context, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((done) => {
    if (Number.isFinite(ms)) timer = setTimeout(done, ms);
  });
  try {
    await Promise.race([passed, context.cancelled]);
  } finally {
    clearTimeout(timer);
  }
}

function timeOfContext(context: Context): TestTime | null {
  try {
    return timeOf(context.client.connection as Parameters<typeof timeOf>[0]);
  } catch {
    // It has no client: no server either.
    return null;
  }
}

interface Attempt {
  isCancelRequested: boolean;
  /** Server time at which the server ends it. */
  deadlineMs: number;
}

const CANCEL_REQUESTED = 3;

async function attemptOf({ client, info }: Context): Promise<Attempt> {
  const { workflowId, runId } = info.workflowExecution ?? {};
  const { raw, status } = await client.workflow.getHandle(workflowId ?? '', runId).describe();
  const found = (raw.pendingActivities ?? []).find(({ activityId }) => activityId === info.activityId);
  // The test server lists the activities of a closed run as pending, too.
  if (status.name !== 'RUNNING' || !found || found.attempt !== info.attempt)
    throw new Error(`The attempt ${info.attempt} of ${info.activityType} has ended, such as by its timeout.`);
  const startedMs = optionalTsToMs(found.lastStartedTime) ?? info.currentAttemptScheduledTimestampMs;
  const heartbeatMs = Math.max(startedMs, optionalTsToMs(found.lastHeartbeatTime) ?? 0);
  const limits = [
    startedMs + (info.startToCloseTimeoutMs || Infinity),
    info.scheduledTimestampMs + (info.scheduleToCloseTimeoutMs || Infinity),
    heartbeatMs + (info.heartbeatTimeoutMs || Infinity),
  ];
  return { isCancelRequested: found.state === CANCEL_REQUESTED, deadlineMs: Math.min(...limits) };
}

/** A heartbeat brings the cancellation that the server has recorded; without one no activity hears of it. */
async function cancellation(context: Context): Promise<void> {
  context.heartbeat();
  const late = new Promise<void>((done) => setTimeout(done, CANCELLATION_ARRIVES_WITHIN_MS).unref());
  await Promise.race([context.cancelled, late]);
}
