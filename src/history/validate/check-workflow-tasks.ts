import { temporal } from '@temporalio/proto';
import { type Event, type History, runEndStatusOf } from '../../temporal/event';
import { attributesKeyOfType, eventTypeName } from '../../temporal/event-types';
import type { HistoryProblem } from '../formats/problem';
import { describeEvent, refuse } from './refusal';

const { EventType } = temporal.api.enums.v1;

const TASK_SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED;
const TASK_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED;
const TASK_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED;
const TASK_FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED;
const TASK_TIMED_OUT = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT;
const TERMINATED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED;
const EXECUTION_TIMED_OUT = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT;

/** Events that can follow WorkflowTaskStarted; core panics on any other (sdk-core, replay/history_info.rs). */
const AFTER_TASK_STARTED = new Set([
  TASK_COMPLETED,
  TASK_FAILED,
  TASK_TIMED_OUT,
  TERMINATED,
  EXECUTION_TIMED_OUT,
]);

/**
 * Returns true if a worker was given a workflow task, so that there is something to replay. A run whose first task is only
 * scheduled, or that ended before it began, has a legitimate history, with which any code is compatible. Core waits for ever on it.
 */
export function hasReplayableTask(history: History): boolean {
  const events = history.events ?? [];
  return events.some(
    (event, i) =>
      event.eventType === TASK_STARTED &&
      (events[i + 1] === undefined || events[i + 1]!.eventType === TASK_COMPLETED),
  );
}

/** Refuses a history whose workflow tasks are out of order, or that goes on after the end of the run. */
export function checkWorkflowTasks(events: readonly Event[]): HistoryProblem | null {
  let task: 'none' | 'scheduled' | 'started' = 'none';
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    const next = events[i + 1];
    const eventType = event.eventType ?? 0;
    const bad = (what: string): HistoryProblem => refuse('BAD_SEQUENCE', `${describeEvent(event)} ${what}`);
    if (endsRun(eventType) && next) {
      return refuse(
        'EVENT_AFTER_END',
        `${describeEvent(next)} comes after ${describeEvent(event)}, which ended the workflow`,
      );
    }
    if (eventType === TASK_SCHEDULED) {
      if (task !== 'none') return bad('schedules a workflow task while another one is not done');
      task = 'scheduled';
    } else if (eventType === TASK_STARTED) {
      if (task !== 'scheduled') return bad('starts a workflow task that was not scheduled');
      if (next && !AFTER_TASK_STARTED.has(next.eventType ?? 0)) {
        return bad(
          `is followed by ${eventTypeName(next.eventType)}; only the end of the workflow task, or of the workflow, can follow it`,
        );
      }
      task = 'started';
    } else if (eventType === TASK_COMPLETED) {
      if (task !== 'started') return bad('completes a workflow task that was not started');
      task = 'none';
    } else if (eventType === TASK_FAILED || eventType === TASK_TIMED_OUT) {
      // A task that was never started can time out, but not fail.
      if (task === 'none' || (eventType === TASK_FAILED && task !== 'started')) {
        return bad(`ends a workflow task that was not ${task === 'none' ? 'scheduled' : 'started'}`);
      }
      task = 'none';
    }
  }
  return null;
}

function endsRun(eventType: number): boolean {
  const key = attributesKeyOfType(eventType);
  return key !== undefined && runEndStatusOf(key) !== undefined;
}
