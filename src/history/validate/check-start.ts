import { temporal } from '@temporalio/proto';
import type { Event } from '../../temporal/event';
import { eventTypeName } from '../../temporal/event-types';
import type { HistoryProblem } from '../formats/problem';
import { missingAttributes } from './check-event';
import { refuse } from './refusal';

const { EVENT_TYPE_WORKFLOW_EXECUTION_STARTED } = temporal.api.enums.v1.EventType;

/** Refuses a history that does not begin with WorkflowExecutionStarted, or whose first event lacks what identifies the run. */
export function checkStart(event: Event): HistoryProblem | null {
  if (event.eventType !== EVENT_TYPE_WORKFLOW_EXECUTION_STARTED) {
    return refuse(
      'WRONG_FIRST_EVENT',
      `starts with ${eventTypeName(event.eventType)}; the first event of a workflow's history is WorkflowExecutionStarted`,
    );
  }
  const started = event.workflowExecutionStartedEventAttributes;
  if (!started) return missingAttributes(event);
  if (!started.workflowType?.name) return refuse('NO_WORKFLOW_TYPE', 'event 1 names no workflow type');
  if (!started.taskQueue) return refuse('NO_TASK_QUEUE', 'event 1 names no task queue');
  if (!started.originalExecutionRunId) {
    return refuse(
      'NO_RUN_ID',
      'event 1 has no originalExecutionRunId, from which random numbers are derived',
    );
  }
  return null;
}
