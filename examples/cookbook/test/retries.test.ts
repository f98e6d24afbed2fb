import { createTestEnvironment, mockActivities } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { order } from '../src/workflows';

it('charges again when the bank has not answered', async () => {
  const activities = mockActivities<Activities>({ charge: async () => 'c1', ship: async () => 'p1' });
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });
  activities.charge.failTimes(2);

  expect(await env.execute(order, { args: ['o1'] })).toBe('c1 p1');

  expect(activities.charge.temporalCalls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
});
