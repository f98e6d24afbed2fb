import { proxyActivities } from '@temporalio/workflow';
import type { MeterActivities } from './types';

export const device = proxyActivities<MeterActivities>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 1.5, maximumAttempts: 20 },
});
