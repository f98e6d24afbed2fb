import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  proxyActivities,
  proxyLocalActivities,
  setDefaultSignalHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { MockedRun, MockedWorkflowActivities } from './mocked-workflow-steps';

const { 'temporalReplay.beginRun': beginRun } = proxyLocalActivities<MockedWorkflowActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});
const { 'temporalReplay.endRun': endRun } = proxyActivities<MockedWorkflowActivities>({
  // The test's function may let workflow time pass.
  startToCloseTimeout: '1000 days',
  retry: { maximumAttempts: 1 },
});

/**
 * The code of all mocked workflow types. It calls the test by activities, so that the test's function runs outside of the sandbox
 * and the parent sees a real child workflow.
 */
export default async function mockedWorkflow(...args: unknown[]): Promise<unknown> {
  const { workflowType, workflowId, runId, attempt } = workflowInfo();
  const run: MockedRun = { workflowType, workflowId, runId, attempt };
  // The test reads signals from the history.
  setDefaultSignalHandler(() => undefined);
  const { delayMs, hangs } = await beginRun(run, ...args);
  if (delayMs > 0) await sleep(delayMs);
  if (hangs) await condition(() => false);
  const result = await outcome(run);
  // It came with SDK 1.11.
  if ((allHandlersFinished as unknown) !== undefined) await condition(allHandlersFinished);
  return result;
}

/** Fails with the error of the test's function, not with that of the activity. */
async function outcome(run: MockedRun): Promise<unknown> {
  try {
    return await endRun(run);
  } catch (err) {
    if (err instanceof ActivityFailure && err.cause) throw err.cause;
    throw err;
  }
}
