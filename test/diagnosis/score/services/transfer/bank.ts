import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BankActivities, LimitActivities } from './types';

export const { withdraw, deposit, refund } = proxyActivities<BankActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 5, nonRetryableErrorTypes: ['AccountClosed'] },
});

export const { requestApproval, sendReceipt, recordLoss } = proxyActivities<BankActivities>({
  startToCloseTimeout: '10 seconds',
});

export const { checkLimits } = proxyLocalActivities<LimitActivities>({
  startToCloseTimeout: '5 seconds',
});
