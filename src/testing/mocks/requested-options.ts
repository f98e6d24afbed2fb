import type { Info } from '@temporalio/activity';
import type { RequestedActivityOptions, ScheduledActivity } from '../worker/protocol';

const byInfo = new WeakMap<Info, RequestedActivityOptions>();

/** Returns the options that the workflow called an activity with; null outside of a test environment. */
export const requestedOptionsOf = (info: Info): RequestedActivityOptions | null => byInfo.get(info) ?? null;

/** The options of scheduled activities, kept until their tasks arrive. */
export class RequestedOptions {
  private readonly scheduled = new Map<string, RequestedActivityOptions>();

  add({ runId, activityId, options }: ScheduledActivity): void {
    this.scheduled.set(keyOf(runId, activityId), options);
  }

  /** Makes the options available to {@link requestedOptionsOf}. */
  attachTo(info: Info): void {
    const options = this.scheduled.get(keyOf(info.workflowExecution?.runId ?? '', info.activityId));
    if (options) byInfo.set(info, { ...options, taskQueue: options.taskQueue || info.taskQueue });
  }
}

const keyOf = (runId: string, activityId: string): string => `${runId} ${activityId}`;
