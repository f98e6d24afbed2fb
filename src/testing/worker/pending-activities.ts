import type { coresdk } from '@temporalio/proto';
import { type Command, endsRun } from '../../temporal/commands';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;

/** Activities of one run, local ones apart, that the server has not ended yet. */
export class PendingActivities {
  private readonly ids = new Map<number, string>();
  /** Workflow code sees them as ended; the server may not. */
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

  /** Ids of those that are pending when these commands end the run; none where they don't. */
  leftBy(commands: readonly Command[]): string[] {
    return commands.some(endsRun) ? [...this.ids.values()] : [];
  }
}
