import { createTestEnvironment, mockActivities } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { trial } from '../src/workflows';

it('asks after ninety days', async () => {
  const activities = mockActivities<Activities>({ remind: async () => undefined });
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  const handle = await env.start(trial, { args: ['u1'] });

  await env.sleep('89 days');
  expect(activities.remind).not.toHaveBeenCalled();

  expect(await handle.result()).toBe('asked to stay');
  await expect(handle).toHaveTimer('90 days');
});
