import { decompileRetryPolicy } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time';
import { type coresdk, temporal } from '@temporalio/proto';
import type { Command } from '../../temporal/commands';
import type { ActiveRun, ChildStart, ScheduledActivity } from './protocol';

const { Payload } = temporal.api.common.v1;

/** Returns the activities that these commands schedule, with the options that workflow code has set. */
export function scheduledActivities(run: ActiveRun, commands: readonly Command[]): ScheduledActivity[] {
  return commands.flatMap(({ scheduleActivity, scheduleLocalActivity }) => {
    if (scheduleActivity) {
      const { taskQueue, heartbeatTimeout } = scheduleActivity;
      const asked = {
        taskQueue: taskQueue ?? '',
        heartbeatTimeoutMs: msOf(heartbeatTimeout),
        isLocal: false,
      };
      return [scheduledOf(run, scheduleActivity, asked)];
    }
    if (!scheduleLocalActivity) return [];
    const asked = { taskQueue: '', heartbeatTimeoutMs: null, isLocal: true };
    return [scheduledOf(run, scheduleLocalActivity, asked)];
  });
}

type Scheduled =
  coresdk.workflow_commands.IScheduleActivity | coresdk.workflow_commands.IScheduleLocalActivity;

function scheduledOf(
  { workflowId, runId }: ActiveRun,
  command: Scheduled,
  asked: Pick<ScheduledActivity['options'], 'taskQueue' | 'heartbeatTimeoutMs' | 'isLocal'>,
): ScheduledActivity {
  return {
    ...{ workflowId, runId, activityId: command.activityId ?? '' },
    options: {
      startToCloseTimeoutMs: msOf(command.startToCloseTimeout),
      scheduleToCloseTimeoutMs: msOf(command.scheduleToCloseTimeout),
      scheduleToStartTimeoutMs: msOf(command.scheduleToStartTimeout),
      retryPolicy: decompileRetryPolicy(command.retryPolicy) ?? null,
      ...asked,
    },
  };
}

const msOf = (duration: Parameters<typeof optionalTsToMs>[0]): number | null =>
  optionalTsToMs(duration) ?? null;

/** Returns the child workflows of mocked types that these commands start. */
export function childStarts(
  parent: ActiveRun,
  commands: readonly Command[],
  mocked: ReadonlySet<string>,
): ChildStart[] {
  return commands.flatMap(({ startChildWorkflowExecution: start }) => {
    if (!start || !mocked.has(start.workflowType ?? '')) return [];
    const { workflowId, workflowType, taskQueue, input } = start;
    return [
      {
        parent: { workflowId: parent.workflowId, runId: parent.runId },
        ...{ workflowId: workflowId ?? '', workflowType: workflowType ?? '', taskQueue: taskQueue ?? '' },
        args: (input ?? []).map((payload) => Payload.encode(payload).finish()),
      },
    ];
  });
}
