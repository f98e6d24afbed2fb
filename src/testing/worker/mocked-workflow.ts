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
  // The test's function may let time pass.
  startToCloseTimeout: '1000 days',
  retry: { maximumAttempts: 1 },
});

/**
 * Stands in for a mocked workflow, whatever its type: it asks the test what to do, as activities, so that the test's
 * function runs outside of the sandbox and the workflow that started it sees a real child.
 */
export default async function mockedWorkflow(...args: unknown[]): Promise<unknown> {
  const { workflowType, workflowId, runId, attempt } = workflowInfo();
  const run: MockedRun = { workflowType, workflowId, runId, attempt };
  // The test reads them out of the history.
  setDefaultSignalHandler(() => undefined);
  const { delayMs, hangs } = await beginRun(run, ...args);
  if (delayMs > 0) await sleep(delayMs);
  if (hangs) await condition(() => false);
  const result = await outcome(run);
  await condition(allHandlersFinished);
  return result;
}

/** It fails as the test's function did, not as an activity. */
async function outcome(run: MockedRun): Promise<unknown> {
  try {
    return await endRun(run);
  } catch (err) {
    if (err instanceof ActivityFailure && err.cause) throw err.cause;
    throw err;
  }
}
