import { createTestEnvironment, mockActivities } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { reminders } from '../src/workflows';

it('reminds daily until it is cancelled, and cleans up then', async () => {
  const activities = mockActivities<Activities>({
    remind: async () => undefined,
    refund: async () => undefined,
  });
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  const handle = await env.start(reminders, { args: ['u1'] });
  await env.until(() => activities.remind.mock.calls.length >= 3);

  await handle.cancel();

  await expect(handle.result()).rejects.toThrow('Workflow execution cancelled');
  expect(activities.refund).toHaveBeenCalledWith('u1');
});
