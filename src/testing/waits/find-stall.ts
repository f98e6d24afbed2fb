import { type Event, isClosed } from '../../temporal/event';
import type { Stall, StallContext } from './stall';
import { reachedDefaultRunTimeout } from './stalls/default-run-timeout';
import { pendingWaitStall } from './stalls/pending-wait';
import { runningActivityStall } from './stalls/running-activity';
import { runningOperationStall, scheduledActivityStall } from './stalls/scheduled-work';
import { refusedTaskStall, untakenTaskStall } from './stalls/workflow-task';

const MAX_DEPTH = 5;

/** Returns why a workflow does not go on; null if it may go on by itself, or has ended other than by the server's own timeout. */
export async function findStall(workflowId: string, context: StallContext, depth = 0): Promise<Stall | null> {
  const running = runningActivityStall(context, workflowId);
  if (running) return running;
  const history = await context.client.workflow.getHandle(workflowId).fetchHistory();
  const events = (history.events ?? []) as Event[];
  if (isClosed(events) && !reachedDefaultRunTimeout(events))
    return stallOfFailedChild(events, context, depth);
  const own = refusedTaskStall(events, workflowId);
  if (own) return { ...own, events };
  // The SDK worker ends workflow code that does not return.
  if (events.at(-1)?.workflowTaskStartedEventAttributes) return null;
  const ofWork =
    untakenTaskStall(events, workflowId, context) ?? scheduledActivityStall(events, workflowId, context);
  if (ofWork) return { ...ofWork, events };
  const ofChild = await stallOfStartedChild(events, context, depth);
  if (ofChild) return ofChild;
  const ofWait =
    runningOperationStall(events, workflowId, context) ?? pendingWaitStall(events, workflowId, context);
  return ofWait && { ...ofWait, events };
}

/** Returns the stall of a child because of which the run may have failed. */
async function stallOfFailedChild(
  events: readonly Event[],
  context: StallContext,
  depth: number,
): Promise<Stall | null> {
  for (const event of events) {
    const failed =
      event.childWorkflowExecutionTimedOutEventAttributes ??
      event.childWorkflowExecutionFailedEventAttributes;
    const childId = failed?.workflowExecution?.workflowId;
    const stall = childId && (await stallOfChild(childId, context, depth));
    if (stall) return stall;
  }
  return null;
}

async function stallOfStartedChild(
  events: readonly Event[],
  context: StallContext,
  depth: number,
): Promise<Stall | null> {
  for (const event of events) {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    const childId = started?.workflowExecution?.workflowId;
    if (!childId) continue;
    // A child that has ended has no stall, unless the server's own timeout has ended it.
    const stall = await stallOfChild(childId, { ...context, running: [] }, depth);
    if (stall)
      return {
        ...stall,
        reason: `It waits for its child ${started.workflowType?.name} (${childId}). ${stall.reason}`,
      };
  }
  return null;
}

/** Returns the stall of a child; null also if its history cannot be fetched. */
const stallOfChild = async (childId: string, context: StallContext, depth: number): Promise<Stall | null> =>
  depth < MAX_DEPTH ? findStall(childId, context, depth + 1).catch(() => null) : null;
