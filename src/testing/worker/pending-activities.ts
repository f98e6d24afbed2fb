import type { coresdk } from '@temporalio/proto';
import { type Command, endsRun } from '../../temporal/commands';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;

/** The activities of one run that are pending on the server; local activities are not among them. */
export class PendingActivities {
  private readonly ids = new Map<number, string>();
  /** Cancelled activities: ended for workflow code, but perhaps not for the server. */
  private readonly cancelled = new Set<number>();

  schedule(commands: readonly Command[]): void {
    for (const { scheduleActivity, requestCancelActivity } of commands) {
      if (scheduleActivity) this.ids.set(scheduleActivity.seq ?? 0, scheduleActivity.activityId ?? '');
      if (requestCancelActivity) this.cancelled.add(requestCancelActivity.seq ?? 0);
    }
  }

  resolve(jobs: readonly Job[]): void {
    for (const { resolveActivity } of jobs) {
      const seq = resolveActivity?.seq;
      if (seq !== undefined && seq !== null && !this.cancelled.has(seq)) this.ids.delete(seq);
    }
  }

  /** Returns the ids of the activities that are pending when these commands end the run; none if they do not end it. */
  leftBy(commands: readonly Command[]): string[] {
    return commands.some(endsRun) ? [...this.ids.values()] : [];
  }
}
