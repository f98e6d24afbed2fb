import { createTestEnvironment } from 'temporal-replay/testing';
import { counter, increment } from '../src/workflows';

it('counts on in its next run', async () => {
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts' });
  const handle = await env.start(counter);

  await handle.signal(increment);
  await handle.signal(increment);
  await env.until(async () => (await handle.describe()).runId !== handle.firstExecutionRunId);
  await env.client.workflow.getHandle(handle.workflowId).signal(increment);

  expect(await handle.result()).toBe(3);
});
