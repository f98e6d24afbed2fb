import { log } from '@temporalio/activity';
import type { Database } from 'node-sqlite3-wasm';
import { firstRow } from '../database';
import * as sandbox from '../sandbox';

export interface ChargeInput {
  /** One charge an order, however often it is tried. */
  orderId: string;
  customerId: string;
  token: string;
  amountCents: number;
}

export interface PaymentRefundInput {
  refundId: string;
  orderId: string;
  /** All of it, if absent. */
  amountCents?: number;
  requestedAt?: string;
}

export const createPaymentActivities = (db: Database) => ({
  /** @throws CardDeclined (not retryable), Unavailable */
  async chargePayment(input: ChargeInput): Promise<{ paymentId: string }> {
    await sandbox.charge(input.token);
    const paymentId = `pay-${input.orderId}`;
    db.run('INSERT OR IGNORE INTO payments VALUES (?, ?, ?)', [input.orderId, paymentId, input.amountCents]);
    log.info('charged', { orderId: input.orderId, amountCents: input.amountCents });
    return { paymentId };
  },

  /** Gives back nothing where nothing was charged: also right as a compensation for a charge whose outcome is unknown. */
  async refundPayment(input: PaymentRefundInput): Promise<{ refundedCents: number }> {
    const payment = firstRow<{ amount_cents: number }>(
      db,
      'SELECT amount_cents FROM payments WHERE idempotency_key = ?',
      [input.orderId],
    );
    const refundedCents = Math.min(payment?.amount_cents ?? 0, input.amountCents ?? Infinity);
    db.run('INSERT OR IGNORE INTO refunds VALUES (?, ?, ?)', [input.refundId, input.orderId, refundedCents]);
    log.info('refunded', { orderId: input.orderId, refundedCents });
    return { refundedCents };
  },

  async assessFraud(input: {
    orderId: string;
    customerId: string;
    totalCents: number;
  }): Promise<{ score: number }> {
    return { score: sandbox.fraudScore(input.customerId) };
  },
});
