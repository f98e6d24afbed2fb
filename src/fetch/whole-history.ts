import * as proto from '@temporalio/proto';
import { closedStatusOf } from '../history/store';
import type { History } from '../temporal/event';
import { identityOf } from '../temporal/identity';
import type { ListedRun } from './query';

/** A run, as far as it is known from elsewhere than its history. */
export type KnownRun = Pick<ListedRun, 'workflowId' | 'runId'> &
  Partial<Pick<ListedRun, 'workflowType' | 'status' | 'events'>>;

const { EventType } = proto.temporal.api.enums.v1;

/** Statuses of runs that go on. */
const OPEN = new Set(['RUNNING', 'PAUSED', 'UNSPECIFIED', 'UNKNOWN']);

/** Returns true if the run goes on, by what is known of it. */
export const isOpen = ({ status }: Pick<ListedRun, 'status'>): boolean => OPEN.has(status);

/**
 * Returns the reason why a history is not the whole one of a run, null if there is none. Half of a history would replay without a
 * failure up to its end.
 */
export function problemOfHistory(history: History, run: KnownRun): string | null {
  const events = history.events ?? [];
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return 'the cluster sent no events';
  if (first.eventType !== EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
    return 'the first event that the cluster sent is not the start of a run';
  const found = identityOf(history);
  // Servers of long ago do not record the ids.
  if (found.workflowId !== null && found.workflowId !== run.workflowId)
    return `the cluster sent the history of workflow ${found.workflowId}`;
  if (found.runId !== null && found.runId !== run.runId)
    return `the cluster sent the history of run ${found.runId}`;
  if (run.workflowType && found.workflowType !== null && found.workflowType !== run.workflowType)
    return `the cluster sent the history of a ${found.workflowType}, and listed a ${run.workflowType}`;
  if (run.events !== undefined && events.length < run.events)
    return `the cluster sent ${events.length} of ${run.events} events`;
  const isClosed = closedStatusOf(EventType[last.eventType ?? 0] ?? '') !== null;
  if (run.status !== undefined && !isOpen({ status: run.status }) && !isClosed)
    return `the run is ${run.status}, and the history that the cluster sent goes on`;
  return null;
}
