import {
  callOrder,
  createTestEnvironment,
  mockActivities,
  nonRetryableFailure,
} from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { booking } from '../src/workflows';

it('releases what it has reserved, last first', async () => {
  const activities = mockActivities<Activities>({
    reserve: async () => undefined,
    release: async () => undefined,
    charge: async () => {
      throw nonRetryableFailure('no money', 'CardDeclined');
    },
  });
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });

  await expect(env.execute(booking, { args: [['a', 'b']] })).rejects.toThrow();

  const released = callOrder(activities).filter(({ activity }) => activity === 'release');
  expect(released.map(({ args }) => args[0])).toEqual(['b', 'a']);
});
