import { join } from 'node:path';

/** The workflows that tests of the testing utilities run, and activities for them that go well. */
export const workflowsPath = join(__dirname, '../services/testing/workflows.ts');

export const activities = {
  charge: async (orderId: string) => ({ chargeId: `charge-${orderId}` }),
  ship: async () => 'tracking',
  quote: async () => 3,
};
