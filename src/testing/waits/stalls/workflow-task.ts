import { type Event, isClosed } from '../../../temporal/event';
import type { Stall, StallContext } from '../stall';

/**
 * Returns the stall of a workflow task whose completion the server refuses. The server then retries the task for ever, without an
 * error in the SDK worker.
 */
export function refusedTaskStall(events: readonly Event[], workflowId: string): Stall | null {
  const completed = events.findLastIndex((event) => event.workflowTaskCompletedEventAttributes);
  const refusal = events.slice(completed + 1).find((event) => event.workflowTaskFailedEventAttributes)
    ?.workflowTaskFailedEventAttributes?.failure?.message;
  if (!refusal) return null;
  return {
    code: 'TASK_REFUSED',
    workflowId,
    reason: `The server refuses its workflow task: ${refusal}`,
    hint: refusalHint(refusal),
  };
}

function refusalHint(refusal: string): string {
  const attribute = /search attribute (\S+) is not defined/.exec(refusal)?.[1];
  if (attribute)
    return `Register it: createTestEnvironment({ searchAttributes: { ${attribute}: 'Keyword' } }).`;
  // The messages of the time-skipping server (1.40) and of the full one.
  const endpoint =
    /Nexus endpoint with name: (\S+)/.exec(refusal)?.[1] ?? /endpoint "([^"]+)" not found/.exec(refusal)?.[1];
  return endpoint
    ? `Mock it: createTestEnvironment({ nexus: [mockNexusOperations({ endpoint: '${endpoint}', … })] }).`
    : 'Look at what the workflow asks the server for at this point.';
}

/** Returns the stall of a workflow task that no SDK worker has taken; null if there is none. */
export function untakenTaskStall(
  events: readonly Event[],
  workflowId: string,
  { taskQueues }: StallContext,
): Stall | null {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const isWaiting = events.findLast((event) => !isClosed([event]))?.workflowTaskScheduledEventAttributes;
  if (!isWaiting) return null;
  const queue = started?.taskQueue?.name ?? '';
  const type = started?.workflowType?.name ?? '';
  if (taskQueues.includes(queue))
    return {
      code: 'TASK_NOT_TAKEN',
      workflowId,
      reason: `No worker has taken the workflow task of ${type} from the task queue ${queue}.`,
      hint: 'Was the worker stopped?',
    };
  return {
    code: 'QUEUE_NOT_POLLED',
    workflowId,
    reason: `${type} waits on the task queue ${queue}, which no worker of this test polls.`,
    hint: `Mock it with mockChildWorkflows({ ${type}: … }, { taskQueue: '${queue}' }), or poll the queue: createTestEnvironment({ taskQueues: ['${queue}'] }).`,
  };
}
