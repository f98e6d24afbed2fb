import { join } from 'node:path';
import { log, metricMeter } from '@temporalio/activity';

/** The workflows that tests of the testing utilities run, and activities for them that go well. */
export const workflowsPath = join(__dirname, '../services/testing/workflows.ts');

export const activities = {
  charge: async (orderId: string) => ({ chargeId: `charge-${orderId}` }),
  async ship(orderId: string) {
    log.info('handed over', { orderId });
    metricMeter.createCounter('parcels').add(1, { carrier: 'post' });
    return 'tracking';
  },
  quote: async () => 3,
};
