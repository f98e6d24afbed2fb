import { temporal } from '@temporalio/proto';
import { type Event, eventIdOf } from './event';
import type { Failure } from './failure';

const { WorkflowTaskFailedCause } = temporal.api.enums.v1;

/** Causes for which the workflow code is to blame. Other causes are resets, and commands that the server refused. */
const CAUSES_IN_CODE: ReadonlySet<number | null | undefined> = new Set([
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
]);

/** A workflow task that failed in the code, after which none has completed: the run is stuck there. */
export interface UnresolvedTaskFailure {
  /** Id of the event WorkflowTaskFailed. */
  eventId: number;
  /** Id of the WorkflowTaskStarted event of the task. */
  startedEventId: number;
  failure: Failure | null;
}

/** Returns the last failed workflow task of a run that is stuck in it; null if a later task completed, or none failed. */
export function unresolvedTaskFailure(events: readonly Event[]): UnresolvedTaskFailure | null {
  for (const event of [...events].reverse()) {
    if (event.workflowTaskCompletedEventAttributes) return null;
    const failed = event.workflowTaskFailedEventAttributes;
    if (!failed || !CAUSES_IN_CODE.has(failed.cause)) continue;
    const startedEventId = Number(failed.startedEventId ?? 0);
    return { eventId: eventIdOf(event), startedEventId, failure: failed.failure ?? null };
  }
  return null;
}
