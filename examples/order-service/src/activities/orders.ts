import { ApplicationFailure } from '@temporalio/common';
import type { Database } from 'node-sqlite3-wasm';
import { firstRow } from '../database';
import * as sandbox from '../sandbox';
import type { Address, OrderItem } from '../types';

/** Fast steps: the workflows run them as local activities, except for what writes. */
export const createOrderActivities = (db: Database) => ({
  /** @throws InvalidOrder (not retryable) */
  async priceOrder(input: { items: OrderItem[] }): Promise<{ netCents: number }> {
    let netCents = 0;
    for (const { sku, quantity } of input.items) {
      const product = firstRow<{ price_cents: number }>(
        db,
        'SELECT price_cents FROM products WHERE sku = ?',
        [sku],
      );
      if (!product || quantity < 1) {
        throw ApplicationFailure.nonRetryable(`Cannot order ${quantity} × ${sku}`, 'InvalidOrder');
      }
      netCents += product.price_cents * quantity;
    }
    return { netCents };
  },

  /** @throws Unavailable */
  async quoteTax(input: { region: string; netCents: number }): Promise<{ taxCents: number }> {
    return { taxCents: Math.round((input.netCents * (await sandbox.taxRate(input.region))) / 1_000) };
  },

  /** @throws AddressUndeliverable (not retryable) */
  async verifyAddress(input: { address: Address }): Promise<{ address: Address }> {
    sandbox.checkDeliverable(input.address.postalCode);
    return { address: { ...input.address, country: input.address.country.toUpperCase() } };
  },

  /** `emailId` keeps a retry from sending it twice. */
  async sendEmail(input: { emailId: string; customerId: string; template: string }): Promise<void> {
    db.run('INSERT OR IGNORE INTO emails VALUES (?, ?, ?)', [
      input.emailId,
      input.customerId,
      input.template,
    ]);
  },
});
