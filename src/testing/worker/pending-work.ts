import type { coresdk } from '@temporalio/proto';
import { type Command, endsRun } from '../../temporal/commands';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;

/** Ids of the activities and of the child workflows that are pending when a run ends. */
export interface LeftWork {
  activityIds: readonly string[];
  childIds: readonly string[];
}

/** Work of one kind, by its number within a run. */
class Pending {
  readonly ids = new Map<number, string>();
  /** Cancelled work: ended for workflow code, but perhaps not for the server. */
  private readonly cancelled = new Set<number>();

  begin({ seq }: { seq?: number | null }, id: string | null | undefined): void {
    this.ids.set(seq ?? 0, id ?? '');
  }

  cancel(seq: number | null | undefined): void {
    this.cancelled.add(seq ?? 0);
  }

  end(seq: number | null | undefined): void {
    if (seq !== undefined && seq !== null && !this.cancelled.has(seq)) this.ids.delete(seq);
  }
}

/** The work of one run that is pending on the server; local activities are not part of it. */
export class PendingWork {
  private readonly activities = new Pending();
  private readonly children = new Pending();

  schedule(commands: readonly Command[]): void {
    for (const command of commands) {
      const { scheduleActivity, requestCancelActivity, startChildWorkflowExecution: child } = command;
      if (scheduleActivity) this.activities.begin(scheduleActivity, scheduleActivity.activityId);
      if (requestCancelActivity) this.activities.cancel(requestCancelActivity.seq);
      if (child) this.children.begin(child, child.workflowId);
      if (command.cancelChildWorkflowExecution)
        this.children.cancel(command.cancelChildWorkflowExecution.childWorkflowSeq);
    }
  }

  resolve(jobs: readonly Job[]): void {
    for (const { resolveActivity, resolveChildWorkflowExecution: child } of jobs) {
      if (resolveActivity) this.activities.end(resolveActivity.seq);
      if (child) this.children.end(child.seq);
    }
  }

  /** Returns the work that is pending when these commands end the run; null if there is none, or if they do not end it. */
  leftBy(commands: readonly Command[]): LeftWork | null {
    if (!commands.some(endsRun)) return null;
    const left = {
      activityIds: [...this.activities.ids.values()],
      childIds: [...this.children.ids.values()],
    };
    return left.activityIds.length + left.childIds.length > 0 ? left : null;
  }
}
