import type { Client } from '@temporalio/client';
import type { Event } from '../../temporal/event';
import type { RunningActivity } from '../activities/activity-runner';
import type { RunningOperation } from '../mocks/opened-mocks';

export type StallCode =
  | 'ACTIVITY_PENDING'
  | 'ACTIVITY_RUNNING'
  | 'ENDLESS_RETRY'
  | 'ENDLESS_RUNS'
  | 'ENDLESS_TIMERS'
  | 'INPUT_MISSING'
  | 'OPERATION_RUNNING'
  | 'QUEUE_NOT_POLLED'
  | 'RESULT_OVERDUE'
  | 'RUN_TIMEOUT_REACHED'
  | 'TASK_NOT_TAKEN'
  | 'TASK_REFUSED'
  | 'TIMER_NOT_SKIPPED';

/** The reason why a wait would never end, with advice. */
export interface Stall {
  code: StallCode;
  reason: string;
  hint: string;
  /** The workflow that stands still: the awaited one, or a descendant. Null if a sleep is held by no workflow in particular. */
  workflowId: string | null;
  /** Events of that workflow's run; absent if they were not fetched to find the stall. */
  events?: readonly Event[];
}

export interface StallContext {
  client: Client;
  /** The activities that run in the test's process. */
  running: readonly RunningActivity[];
  /** The mocked Nexus operations that run in the test's process. */
  runningOperations: readonly RunningOperation[];
  /** The task queues that an SDK worker of the test polls. */
  taskQueues: readonly string[];
  canSkipTime: boolean;
  nowMs: number;
  /** Real ms without activity after which work counts as stalled. */
  idleMs: number;
  /** Real ms that the wait has left: a timer of the full server that fires later fires too late. */
  leftMs: number;
}
