import type { Context } from '@temporalio/activity';
import { TimeoutFailure } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time';
import type { TestTime } from './test-time';
import { timeOf } from './time-of';
import { after, stopTimer, nowMs, pause, pauseUnref } from './clock';

/** Least number of steps that a skipped duration is divided into. A cancellation is noticed after each step. */
const STEPS = 40;
const REAL_STEP_MS = 100;
const LOOK_AGAIN_MS = 20;
/**
 * Margin before the activity's timeout in which no sleep is requested. The test server miscounts its time locks if a timeout
 * fires during an `unlockTimeSkippingWithSleep` of the same activity. Such a sleep starts when the request arrives, so the margin
 * also grows with the latency of calls.
 */
const MARGIN_MS = 60;
const MARGIN_LATENCIES = 5;
const CANCELLATION_ARRIVES_WITHIN_MS = 2_000;
const LOCAL_CANCELLATION_ARRIVES_WITHIN_MS = 100;

/**
 * Lets `ms` of workflow time pass in the activity that has this context. The time passes at once if the server skips time (see
 * {@link passInWorkflowTask} for a local activity), and is waited for in real time otherwise.
 *
 * @throws the cancellation, as soon as the activity is cancelled, with or without heartbeats
 * @throws AttemptTimedOut if a local activity would take longer than its timeout
 * @throws Error once the server has ended the attempt, such as by a timeout. The server ignores that error.
 */
export async function letTimePass(context: Context, ms: number): Promise<void> {
  const { isLocal } = context.info;
  const time = timeOfContext(context);
  if (time === null || (isLocal && !time.canSkip)) return inRealTime(context, ms);
  if (isLocal) return passInWorkflowTask(context, ms);
  const startedAt = await time.nowMs();
  const until = startedAt + ms;
  for (;;) {
    const askedAt = nowMs();
    const attempt = await attemptOf(context);
    if (attempt.isCancelRequested) await cancellation(context);
    const now = await time.nowMs();
    const latencyMs = nowMs() - askedAt;
    if (now >= until) return;
    const end = Math.min(until, attempt.deadlineMs - MARGIN_MS - MARGIN_LATENCIES * latencyMs);
    const longest = time.canSkip ? Math.max((end - startedAt) / STEPS, 1) : REAL_STEP_MS;
    const step = Math.min(end - now, longest);
    if (step > 0) await stepping(context, time, step);
    else await pause(Math.min(LOOK_AGAIN_MS, until - now));
    if (context.cancellationSignal.aborted) await context.cancelled;
  }
}

/** The failure of a local activity that would take longer than its timeout. Core retries it as its retry policy says. */
export class AttemptTimedOut extends TimeoutFailure {}

/** Workflow time in ms that has passed in each local activity so far. */
const passedIn = new WeakMap<Context, number>();

/**
 * Adds `ms` to the time of a local activity, without waiting. The server's time stands still while a local activity runs, since
 * that is part of a workflow task, and core measures the activity's timeouts in real time. So an attempt that would exceed its
 * timeout fails at once, and any other returns at once.
 */
async function passInWorkflowTask(context: Context, ms: number): Promise<void> {
  const { startToCloseTimeoutMs, scheduleToCloseTimeoutMs, retryPolicy, attempt } = context.info;
  const passedMs = (passedIn.get(context) ?? 0) + ms;
  passedIn.set(context, passedMs);
  if (passedMs < startToCloseTimeoutMs) return;
  const soon = pause(LOCAL_CANCELLATION_ARRIVES_WITHIN_MS);
  await Promise.race([soon, context.cancelled]);
  // Core sets both timeouts if the workflow has set scheduleToClose alone.
  const isWhole = scheduleToCloseTimeoutMs > 0 && scheduleToCloseTimeoutMs <= startToCloseTimeoutMs;
  // Only core can end the activity while its retry policy has attempts left.
  if (isWhole && attempt !== retryPolicy?.maximumAttempts) return inRealTime(context, ms);
  throw new AttemptTimedOut(
    'Activity timed out',
    undefined,
    isWhole ? 'SCHEDULE_TO_CLOSE' : 'START_TO_CLOSE',
  );
}

/** Lets time pass until the activity is cancelled or times out. Never resolves. */
export const hangIn = (context: Context): Promise<never> =>
  letTimePass(context, Infinity).then(() => new Promise<never>(() => undefined));

/**
 * Lets one step of time pass. A sleep on the time-skipping server is always awaited: one that outlives the activity would lock
 * time again after the activity's end.
 */
async function stepping(context: Context, time: TestTime, ms: number): Promise<void> {
  if (time.canSkip) return time.sleepWithin(ms, context.info);
  await Promise.race([time.sleep(ms), context.cancelled]);
}

async function inRealTime(context: Context, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((done) => {
    if (Number.isFinite(ms)) timer = after(ms, done);
  });
  try {
    await Promise.race([passed, context.cancelled]);
  } finally {
    stopTimer(timer);
  }
}

function timeOfContext(context: Context): TestTime | null {
  try {
    return timeOf(context.client.connection as Parameters<typeof timeOf>[0]);
  } catch {
    // Reading `client` throws in a context without a server, such as that of runActivity().
    return null;
  }
}

interface Attempt {
  isCancelRequested: boolean;
  /** Server time at which the attempt times out. */
  deadlineMs: number;
}

const CANCEL_REQUESTED = 3;

async function attemptOf({ client, info }: Context): Promise<Attempt> {
  const { workflowId, runId } = info.workflowExecution ?? {};
  const { raw, status } = await client.workflow.getHandle(workflowId ?? '', runId).describe();
  const found = (raw.pendingActivities ?? []).find(({ activityId }) => activityId === info.activityId);
  // The test server lists the activities of a closed run as pending as well.
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

/** Fetches the cancellation that the server has recorded: the answer to a heartbeat carries it. */
async function cancellation(context: Context): Promise<void> {
  context.heartbeat();
  const late = pauseUnref(CANCELLATION_ARRIVES_WITHIN_MS);
  await Promise.race([context.cancelled, late]);
}
