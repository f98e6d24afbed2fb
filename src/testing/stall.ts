import type { Client } from '@temporalio/client';
import { msToNumber } from '@temporalio/common/lib/time';
import type { temporal } from '@temporalio/proto';
import { type Event, eventIdOf, milliseconds } from '../events/event';
import { durationInWords } from '../util/duration-in-words';
import type { RunningActivity } from './activity-runner';

/** Why a workflow does not go on, and what would make it. */
export interface Stall {
  reason: string;
  hint: string;
  /** The run that stands still: the workflow's own, or that of a descendant. */
  workflowId: string;
}

export interface StallContext {
  client: Client;
  /** Activities that run in the test's process now. */
  running: readonly RunningActivity[];
  /** Queues that a worker of the test polls. */
  taskQueues: readonly string[];
  canSkipTime: boolean;
  nowMs: number;
  /** How long nothing went on. */
  idleMs: number;
}

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** Further than this the full server's timers won't come within a test. */
const LONGEST_REAL_TIMER_MS = msToNumber('20 seconds');
const MAX_DEPTH = 5;

/** Null where it may still go on by itself. */
export async function findStall(workflowId: string, context: StallContext, depth = 0): Promise<Stall | null> {
  const activity = context.running.find(({ startedAtMs }) => context.nowMs - startedAtMs >= context.idleMs);
  if (activity) return runningActivityStall(activity, workflowId, context);
  const handle = context.client.workflow.getHandle(workflowId);
  const { raw, status } = await handle.describe();
  if (status.name !== 'RUNNING') return null;
  const events = ((await handle.fetchHistory()).events ?? []) as Event[];
  // Code that never lets go is ended by the worker.
  if (events.at(-1)?.workflowTaskStartedEventAttributes) return null;
  return (
    workflowTaskStall(events, workflowId, context) ??
    activityStall(raw.pendingActivities ?? [], events, workflowId, context) ??
    (await childStall(raw.pendingChildren ?? [], context, depth)) ??
    waitStall(events, workflowId, context)
  );
}

function runningActivityStall(
  { info, startedAtMs }: RunningActivity,
  workflowId: string,
  { nowMs, canSkipTime }: StallContext,
): Stall {
  const seconds = ((nowMs - startedAtMs) / 1000).toFixed(1);
  const skipping = canSkipTime ? ', and time cannot be skipped meanwhile' : '';
  return {
    workflowId: info.workflowExecution?.workflowId ?? workflowId,
    reason: `The activity ${info.activityType} (attempt ${info.attempt}) has been running for ${seconds} s${skipping}.`,
    hint: 'Let it return or throw. If it takes that long on purpose, raise stallTimeout.',
  };
}

function workflowTaskStall(
  events: readonly Event[],
  workflowId: string,
  { taskQueues }: StallContext,
): Stall | null {
  const scheduled = events.findLast(({ workflowTaskScheduledEventAttributes: it }) => it);
  const last = events.at(-1);
  if (scheduled === undefined || scheduled !== last) return null;
  const queue = events[0]?.workflowExecutionStartedEventAttributes?.taskQueue?.name ?? '';
  const type = events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
  if (taskQueues.includes(queue))
    return {
      workflowId,
      reason: `No worker has taken the workflow task of ${type} from the task queue ${queue}.`,
      hint: 'Was the worker stopped?',
    };
  return {
    workflowId,
    reason: `${type} waits on the task queue ${queue}, which no worker of this test polls.`,
    hint: `Mock it with mockChildWorkflows({ ${type}: … }), or poll the queue: createTestEnvironment({ taskQueues: ['${queue}'] }).`,
  };
}

function activityStall(
  pending: readonly Pending[],
  events: readonly Event[],
  workflowId: string,
  { taskQueues }: StallContext,
): Stall | null {
  for (const { activityId, activityType } of pending) {
    const scheduled = events.find(
      ({ activityTaskScheduledEventAttributes: it }) => it?.activityId === activityId,
    )?.activityTaskScheduledEventAttributes;
    const queue = scheduled?.taskQueue?.name ?? '';
    if (taskQueues.includes(queue)) continue;
    return {
      workflowId,
      reason: `The activity ${activityType?.name} waits on the task queue ${queue}, which no worker of this test polls.`,
      hint: `Poll it too: createTestEnvironment({ taskQueues: ['${queue}'] }).`,
    };
  }
  return null;
}

async function childStall(
  pending: readonly temporal.api.workflow.v1.IPendingChildExecutionInfo[],
  context: StallContext,
  depth: number,
): Promise<Stall | null> {
  if (depth >= MAX_DEPTH) return null;
  for (const { workflowId, workflowTypeName } of pending) {
    const stall = await findStall(workflowId!, { ...context, running: [] }, depth + 1);
    if (stall)
      return {
        ...stall,
        reason: `It waits for its child ${workflowTypeName} (${workflowId}). ${stall.reason}`,
      };
  }
  return null;
}

/** What is left: a timer, or something that comes from outside. */
function waitStall(
  events: readonly Event[],
  workflowId: string,
  { canSkipTime, nowMs }: StallContext,
): Stall | null {
  const ended = new Set(
    events.flatMap((event) => {
      const end = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
      return end ? [String(end.startedEventId)] : [];
    }),
  );
  const timers = events.filter(
    (event) => event.timerStartedEventAttributes && !ended.has(String(eventIdOf(event))),
  );
  if (timers.length === 0)
    return {
      workflowId,
      reason:
        'No timer, activity or child is under way: it waits for a signal, an update or a condition that nothing will meet.',
      hint: 'Send what it waits for before its result is awaited.',
    };
  if (canSkipTime) return null;
  const dueMs = timers.map(
    (event) =>
      milliseconds(event.eventTime) + milliseconds(event.timerStartedEventAttributes!.startToFireTimeout),
  );
  const restMs = Math.min(...dueMs) - nowMs;
  if (restMs < LONGEST_REAL_TIMER_MS) return null;
  return {
    workflowId,
    reason: `Its next timer fires in ${durationInWords(restMs)}, and the full server does not skip time.`,
    hint: 'Leave out `local: true`, or make the timer shorter in this test.',
  };
}
