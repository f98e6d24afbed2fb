import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { MockedWorkflowActivities, MockedWorkflowStep } from './mocked-workflow-steps';

/**
 * Stands in for a mocked workflow, whatever its type: it asks the test what to do, as an activity, so that the test's
 * function runs outside of the sandbox and the workflow that started it sees a real child.
 */
export default async function mockedWorkflow(...args: unknown[]): Promise<unknown> {
  const { nextStep, noteSignal, noteCancelled } = proxyActivities<MockedWorkflowActivities>({
    startToCloseTimeout: '1 minute',
    retry: { maximumAttempts: 1 },
  });
  const { workflowType } = workflowInfo();
  setDefaultSignalHandler((name, ...signalArgs) => noteSignal(workflowType, name, signalArgs));
  setDefaultUpdateHandler((name, ...updateArgs) => noteSignal(workflowType, name, updateArgs));
  try {
    return await follow(await nextStep(workflowType, args));
  } catch (err) {
    if (isCancellation(err)) await CancellationScope.nonCancellable(() => noteCancelled(workflowType));
    throw err;
  }
}

async function follow(step: MockedWorkflowStep): Promise<unknown> {
  if (step.delayMs > 0) await sleep(step.delayMs);
  if (step.hang) await condition(() => false);
  return step.result;
}
