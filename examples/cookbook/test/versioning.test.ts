import { createTestEnvironment, mockActivities } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { renewal } from '../src/workflows';

it('reserves first since the change, under a patch', async () => {
  const activities = mockActivities<Activities>({
    reserve: async () => undefined,
    charge: async () => 'c1',
  });
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  const handle = await env.start(renewal, { args: ['o1'] });

  await handle.result();

  await expect(handle).toHavePatch('reserve-before-charge');
  await expect(handle).toReplay();
});
