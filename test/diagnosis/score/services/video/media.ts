import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { CatalogActivities, MediaActivities } from './types';

export const media = proxyActivities<MediaActivities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 2 },
});

export const catalog = proxyLocalActivities<CatalogActivities>({ startToCloseTimeout: '3 seconds' });
