import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { coresdk } from '@temporalio/proto';
import { type ReplaySandbox, createReplayedWorkflow } from '../../../sdk/replay-sandbox';
import type { SdkWorkflowCreator } from '../../../sdk/workflow-creator';
import type { Event } from '../../../temporal/event';
import type { PreparedHistory } from '../prepared-history';
import { Unsure } from './unsure';
import { checkCompletion } from './wire';
import { WorkflowMachines } from './workflow-machines';

const { WorkflowActivation } = coresdk.workflow_activation;

/** Runs the code of one history in the sandbox with the activations that core would send. */
export async function screenReplay(
  { input }: Pick<PreparedHistory, 'input'>,
  {
    events,
    sandbox,
    creator,
  }: {
    /** The events with their payloads decoded. */
    events: readonly Event[];
    sandbox: ReplaySandbox;
    /** The creator that records the answers of the code. */
    creator: SdkWorkflowCreator;
  },
): Promise<void> {
  const runId = events[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
  const machines = new WorkflowMachines(events, {
    workflowId: input.workflowId,
    workerVersion: () => ({ deploymentName: '', buildId: sandbox.buildId() }),
  });
  const next = (): coresdk.workflow_activation.WorkflowActivation | null => {
    const activation = machines.nextActivation(runId);
    return activation && WorkflowActivation.fromObject(activation);
  };
  const first = next();
  if (first?.jobs[0]?.initializeWorkflow == null) throw new Unsure('events do not fit', 'no start');
  const workflow = await createReplayedWorkflow(creator, first, input.identity).catch(() => {
    throw new Unsure('workflow task failed', 'no workflow');
  });
  try {
    for (let activation: typeof first | null = first; activation; activation = next()) {
      const completion = await workflow.activate(activation);
      await workflow.getAndResetSinkCalls();
      if (!completion.successful) {
        if (activation.isReplaying) throw new Unsure('workflow task failed');
        // Core ends a replay like any other if a task fails that was not recorded.
        return;
      }
      checkCompletion(completion);
      machines.complete(completion.successful.commands ?? []);
    }
  } finally {
    // Node passes a rejection that the code has left unhandled to the SDK in the next turn. The SDK finds the workflow only
    // before it is disposed, and ends the process over others. With core, there are turns between the last answer and the end.
    await turnOfEventLoop();
    await workflow.dispose();
    // An interceptor may leave one unhandled as it is disposed: then the process ends before there is an answer.
    await turnOfEventLoop();
  }
}
