import type { Event } from '../../../temporal/event';
import { openEvents } from '../../../temporal/relations';
import type { Stall, StallContext } from '../stall';

/** Returns the stall of an activity that is scheduled and not running; null if there is none. */
export function scheduledActivityStall(
  events: readonly Event[],
  workflowId: string,
  { taskQueues }: StallContext,
): Stall | null {
  const scheduled = openEvents(events, 'activityTaskScheduledEventAttributes').map(
    (event) => event.activityTaskScheduledEventAttributes!,
  );
  const unpolled = scheduled.find(({ taskQueue }) => !taskQueues.includes(taskQueue?.name ?? ''));
  if (unpolled) {
    const queue = unpolled.taskQueue?.name ?? '';
    return {
      code: 'QUEUE_NOT_POLLED',
      workflowId,
      reason: `The activity ${unpolled.activityType?.name} waits on the task queue ${queue}, which no worker of this test polls.`,
      hint: `Poll it too: createTestEnvironment({ taskQueues: ['${queue}'] }).`,
    };
  }
  const [pending] = scheduled;
  if (!pending) return null;
  return {
    code: 'ACTIVITY_PENDING',
    workflowId,
    reason: `The activity ${pending.activityType?.name} has not ended, and no attempt of it is running: the server waits before the next attempt, or for an asynchronous completion.`,
    hint: 'If it is retried after a long interval, or completed from outside, let it end in this test.',
  };
}

/** Returns the stall of a mocked Nexus operation that has been running for too long; null if there is none. */
export function runningOperationStall(
  events: readonly Event[],
  workflowId: string,
  { runningOperations, nowMs, idleMs }: StallContext,
): Stall | null {
  const running = runningOperations.find(({ startedAtMs }) => nowMs - startedAtMs >= idleMs);
  if (!running || openEvents(events, 'nexusOperationScheduledEventAttributes').length === 0) return null;
  const seconds = ((nowMs - running.startedAtMs) / 1000).toFixed(1);
  return {
    code: 'OPERATION_RUNNING',
    workflowId,
    reason: `The mock of the Nexus operation ${running.operation} of ${running.service} has been running for ${seconds} s.`,
    hint: 'Let it return or throw. If it takes that long on purpose, raise stallTimeout.',
  };
}
