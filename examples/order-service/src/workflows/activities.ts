import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';

/** Milliseconds, and no one else's help: local activities, which cost no round trip to the server. */
export const { priceOrder, readStockLevels } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '10 seconds',
  retry: { initialInterval: '50 milliseconds', maximumAttempts: 5 },
});

/** Fast too, but not ours: wait between tries, and past a second let the server do the waiting. */
export const { quoteTax } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
  localRetryThreshold: '1 second',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Our own database and mail: short, and worth trying for a while. */
export const {
  verifyAddress,
  sendEmail,
  reserveInventory,
  releaseInventory,
  receiveStock,
  recordPoints,
  issueVoucher,
  assessFraud,
} = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Money: a few tries, not for what the bank has refused, and wait for a charge in flight when the order is cancelled. */
export const { chargePayment } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: {
    initialInterval: '500 milliseconds',
    backoffCoefficient: 2,
    maximumAttempts: 4,
    nonRetryableErrorTypes: ['CardDeclined'],
  },
});

/** Compensation: has to succeed in the end, so there is no limit of tries. */
export const { refundPayment, voidLabel } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** The carrier. */
export const { createLabel, bookPickup } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: {
    initialInterval: '1 second',
    maximumInterval: '1 minute',
    nonRetryableErrorTypes: ['AddressUndeliverable'],
  },
});

/** The supplier: slow, so it heartbeats. */
export const { orderFromSupplier } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '2 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: {
    initialInterval: '200 milliseconds',
    maximumAttempts: 3,
    nonRetryableErrorTypes: ['SkuDiscontinued'],
  },
});
