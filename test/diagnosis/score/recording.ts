import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { Recorder } from '../../../scripts/recording/recorder';

const { EventType } = temporal.api.enums.v1;

/** Replacements in files of a service, by file. */
export type CodeChanges = Readonly<Record<string, readonly (readonly [before: string, after: string])[]>>;

/** One of the services in `services/`, with what it takes to record histories of it. */
export interface Service {
  /** Its folder, and its task queue. */
  name: string;
  /** In memory, and trivial. */
  activities: object;
  /** Workflow interceptor module. */
  interceptors?: string;
  cases: readonly Case[];
}

/** One run to record. */
export interface Case {
  /** The history's file name, without `.json`. */
  history: string;
  type: string;
  args: unknown[];
  /** @default the service's name and the history's */
  workflowId?: string;
  /** Edits that turn today's code into the code of that run, if it was another. */
  code?: CodeChanges;
  /** Drives the run to its end: signals, updates, cancellation. */
  drive?(recorder: ServiceRecorder, handle: WorkflowHandleWithFirstExecutionRunId): Promise<unknown>;
  /** Resolves when the run has reached the point at which it stays open. */
  leaveOpen?(recorder: ServiceRecorder, handle: WorkflowHandle): Promise<unknown>;
}

/** The order service's recorder: its workers take any workflows and activities. */
export class ServiceRecorder extends Recorder {
  /** Resolves when no workflow task is waiting or under way. */
  async settled(workflowId: string): Promise<void> {
    await this.eventually(`${workflowId} to settle`, async () => {
      const { events } = await this.client.workflow.getHandle(workflowId).fetchHistory();
      const last = events?.at(-1)?.eventType;
      const isUnderWay =
        last === EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED ||
        last === EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED;
      return isUnderWay ? undefined : true;
    });
  }

  /** The run that a run continues as. */
  async nextRun(workflowId: string, runId: string): Promise<WorkflowHandle> {
    return await this.eventually(`the next run of ${workflowId}`, async () => {
      const description = await this.client.workflow.getHandle(workflowId).describe();
      return description.runId === runId
        ? undefined
        : this.client.workflow.getHandle(workflowId, description.runId);
    });
  }
}
