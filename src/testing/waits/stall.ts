import type { Client } from '@temporalio/client';
import { type Event, isClosed, milliseconds } from '../../temporal/event';
import { openEvents } from '../../temporal/relations';
import { MOCKED_RUN_ACTIVITIES } from '../worker/mocked-workflow-steps';
import { durationInWords } from '../../util/duration-in-words';
import type { RunningActivity } from '../activities/activity-runner';
import type { RunningOperation } from '../activities/nexus-runner';
import { summarizeEvents } from './summarize-events';

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
  /** Mocked Nexus operations that run in the test's process now. */
  runningOperations: readonly RunningOperation[];
  /** Queues that a worker of the test polls. */
  taskQueues: readonly string[];
  canSkipTime: boolean;
  nowMs: number;
  /** How long nothing went on. */
  idleMs: number;
  /** Real ms that the wait has left: a timer of the full server that comes later comes too late. */
  leftMs: number;
}

/** The hint for what waits for something from outside. */
export const SEND_FIRST = 'Send what it waits for before its result is awaited.';

const MAX_DEPTH = 5;
/**
 * The time-skipping server gives a run ten years, whatever timeouts it was started with, and skips them where nothing else is
 * to come. So a run that waits for nothing is either open or, as often, timed out after them.
 */
const DEFAULT_RUN_TIMEOUT_MS = 315_360_000_000;

/** Null where it may still go on by itself, or has ended in an ordinary way. */
export async function findStall(workflowId: string, context: StallContext, depth = 0): Promise<Stall | null> {
  const running = runningStall(context, workflowId);
  if (running) return running;
  const history = await context.client.workflow.getHandle(workflowId).fetchHistory();
  const events = (history.events ?? []) as Event[];
  if (isClosed(events) && !ranOutOfDefaultTime(events)) return childOutOfTime(events, context, depth);
  const refused = refusedTaskStall(events, workflowId);
  if (refused) return refused;
  // Code that never lets go is ended by the worker.
  if (events.at(-1)?.workflowTaskStartedEventAttributes) return null;
  return (
    workflowTaskStall(events, workflowId, context) ??
    activityStall(events, workflowId, context) ??
    (await childStall(events, context, depth)) ??
    nexusStall(events, workflowId, context) ??
    waitStall(events, workflowId, context)
  );
}

/** An activity that has been running for too long, whoever has started it. */
export function runningStall(context: StallContext, workflowId = ''): Stall | null {
  const activity = context.running.find(({ startedAtMs }) => context.nowMs - startedAtMs >= context.idleMs);
  return activity ? runningActivityStall(activity, workflowId, context) : null;
}

/** Whether nothing but the server's own limit has ended the run, to which it skipped. */
export function ranOutOfDefaultTime(events: readonly Event[]): boolean {
  const timeoutMs = milliseconds(events[0]?.workflowExecutionStartedEventAttributes?.workflowRunTimeout);
  return Boolean(
    events.at(-1)?.workflowExecutionTimedOutEventAttributes && timeoutMs >= DEFAULT_RUN_TIMEOUT_MS,
  );
}

function runningActivityStall(
  { info, startedAtMs }: RunningActivity,
  workflowId: string,
  { nowMs, canSkipTime }: StallContext,
): Stall {
  const seconds = ((nowMs - startedAtMs) / 1000).toFixed(1);
  const skipping = canSkipTime ? ', and time cannot be skipped meanwhile' : '';
  const local = info.isLocal ? ' Local activities time out in real time.' : '';
  return {
    workflowId: info.workflowExecution?.workflowId ?? workflowId,
    reason: `The ${nameOf(info)} has been running for ${seconds} s${skipping}.`,
    hint: `Let it return or throw. If it takes that long on purpose, raise stallTimeout.${local}`,
  };
}

/** What runs a mocked workflow is an activity that the test knows nothing of. */
const nameOf = ({ activityType, attempt, workflowType, isLocal }: RunningActivity['info']): string =>
  activityType in MOCKED_RUN_ACTIVITIES
    ? `mock of the workflow ${workflowType}`
    : `${isLocal ? 'local ' : ''}activity ${activityType} (attempt ${attempt})`;

/** The server may refuse what a workflow task asks for; the worker hears nothing of it, and the task is tried for ever. */
function refusedTaskStall(events: readonly Event[], workflowId: string): Stall | null {
  const completed = events.findLastIndex((event) => event.workflowTaskCompletedEventAttributes);
  const failed = events.slice(completed + 1).find((event) => event.workflowTaskFailedEventAttributes)
    ?.workflowTaskFailedEventAttributes?.failure?.message;
  if (!failed) return null;
  return {
    workflowId,
    reason: `The server refuses its workflow task: ${failed}`,
    hint: refusalHint(failed),
  };
}

function refusalHint(refusal: string): string {
  const attribute = /search attribute (\S+) is not defined/.exec(refusal)?.[1];
  if (attribute)
    return `Register it: createTestEnvironment({ searchAttributes: { ${attribute}: 'Keyword' } }).`;
  // The time-skipping server's words (1.40), and those of the full one.
  const endpoint =
    /Nexus endpoint with name: (\S+)/.exec(refusal)?.[1] ?? /endpoint "([^"]+)" not found/.exec(refusal)?.[1];
  return endpoint
    ? `Mock it: createTestEnvironment({ nexus: [mockNexusOperations({ endpoint: '${endpoint}', … })] }).`
    : 'Look at what the workflow asks the server for at this point.';
}

function workflowTaskStall(
  events: readonly Event[],
  workflowId: string,
  { taskQueues }: StallContext,
): Stall | null {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const isWaiting = events.findLast((event) => !isClosed([event]))?.workflowTaskScheduledEventAttributes;
  if (!isWaiting) return null;
  const queue = started?.taskQueue?.name ?? '';
  const type = started?.workflowType?.name ?? '';
  if (taskQueues.includes(queue))
    return {
      workflowId,
      reason: `No worker has taken the workflow task of ${type} from the task queue ${queue}.`,
      hint: 'Was the worker stopped?',
    };
  return {
    workflowId,
    reason: `${type} waits on the task queue ${queue}, which no worker of this test polls.`,
    hint: `Mock it with mockChildWorkflows({ ${type}: … }, { taskQueue: '${queue}' }), or poll the queue: createTestEnvironment({ taskQueues: ['${queue}'] }).`,
  };
}

function activityStall(
  events: readonly Event[],
  workflowId: string,
  { taskQueues }: StallContext,
): Stall | null {
  let waiting: Stall | null = null;
  for (const event of openEvents(events, 'activityTaskScheduledEventAttributes')) {
    const scheduled = event.activityTaskScheduledEventAttributes!;
    const queue = scheduled.taskQueue?.name ?? '';
    if (taskQueues.includes(queue)) {
      waiting ??= {
        workflowId,
        reason: `The activity ${scheduled.activityType?.name} has not ended, and no attempt of it is running: the server waits before the next one, or for who completes it.`,
        hint: 'Is it tried again after a long interval, or completed by somebody else? Let it end in this test.',
      };
      continue;
    }
    return {
      workflowId,
      reason: `The activity ${scheduled.activityType?.name} waits on the task queue ${queue}, which no worker of this test polls.`,
      hint: `Poll it too: createTestEnvironment({ taskQueues: ['${queue}'] }).`,
    };
  }
  return waiting;
}

/** Timers had no end, or were too long: the server has let the run time out while one was under way. */
function outOfTimeStall(events: readonly Event[], workflowId: string): Stall {
  return {
    workflowId,
    reason: `It has used up the ten years that a run has at most on the time-skipping server. What it did in them: ${summarizeEvents(events)}.`,
    hint: 'Does it loop for ever? Where it is meant to take so long, make its timers shorter in this test.',
  };
}

/** Null also where it cannot be looked into. */
const stallOfChild = async (childId: string, context: StallContext, depth: number): Promise<Stall | null> =>
  depth < MAX_DEPTH ? findStall(childId, context, depth + 1).catch(() => null) : null;

/** A run that has ended may have failed because such a child did. */
async function childOutOfTime(
  events: readonly Event[],
  context: StallContext,
  depth: number,
): Promise<Stall | null> {
  for (const event of events) {
    const failed = event.childWorkflowExecutionTimedOutEventAttributes;
    const childId = (failed ?? event.childWorkflowExecutionFailedEventAttributes)?.workflowExecution
      ?.workflowId;
    const stall = childId && (await stallOfChild(childId, context, depth));
    if (stall) return stall;
  }
  return null;
}

async function childStall(
  events: readonly Event[],
  context: StallContext,
  depth: number,
): Promise<Stall | null> {
  for (const event of events) {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    const childId = started?.workflowExecution?.workflowId;
    if (!childId) continue;
    // One that has ended has no stall, unless the time that it was given has run out.
    const stall = await stallOfChild(childId, { ...context, running: [] }, depth);
    if (stall)
      return {
        ...stall,
        reason: `It waits for its child ${started.workflowType?.name} (${childId}). ${stall.reason}`,
      };
  }
  return null;
}

function nexusStall(
  events: readonly Event[],
  workflowId: string,
  { runningOperations, nowMs, idleMs }: StallContext,
): Stall | null {
  const running = runningOperations.find(({ startedAtMs }) => nowMs - startedAtMs >= idleMs);
  if (!running || openOperations(events).length === 0) return null;
  const seconds = ((nowMs - running.startedAtMs) / 1000).toFixed(1);
  return {
    workflowId,
    reason: `The mock of the Nexus operation ${running.operation} of ${running.service} has been running for ${seconds} s.`,
    hint: 'Let it return or throw. If it takes that long on purpose, raise stallTimeout.',
  };
}

const openOperations = (events: readonly Event[]): Event[] =>
  openEvents(events, 'nexusOperationScheduledEventAttributes');

/** What is left: a timer, or something that comes from outside. */
function waitStall(
  events: readonly Event[],
  workflowId: string,
  { canSkipTime, nowMs, leftMs }: StallContext,
): Stall | null {
  const timers = openEvents(events, 'timerStartedEventAttributes');
  // The server tries it again by itself, or lets it time out.
  if (openOperations(events).length > 0) return null;
  if (timers.length === 0)
    return {
      workflowId,
      reason:
        'No timer, activity or child is under way: it waits for a signal, an update or a condition that nothing will meet.',
      hint: SEND_FIRST,
    };
  if (ranOutOfDefaultTime(events)) return outOfTimeStall(events, workflowId);
  if (canSkipTime) return null;
  const dueMs = timers.map(
    (event) =>
      milliseconds(event.eventTime) + milliseconds(event.timerStartedEventAttributes!.startToFireTimeout),
  );
  const restMs = Math.min(...dueMs) - nowMs;
  if (restMs < leftMs) return null;
  return {
    workflowId,
    reason: `Its next timer fires in ${durationInWords(restMs)}, and the full server does not skip time.`,
    hint: 'Leave out `local: true`, make the timer shorter in this test, or raise resultTimeout.',
  };
}
