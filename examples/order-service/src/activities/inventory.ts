import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { Database } from 'node-sqlite3-wasm';
import { firstRow, transaction } from '../database';
import * as sandbox from '../sandbox';
import type { OrderItem } from '../types';

export interface PurchaseInput {
  purchaseId: string;
  sku: string;
  quantity: number;
}

export const createInventoryActivities = (db: Database) => ({
  /** @throws OutOfStock (not retryable) */
  async reserveInventory(input: { orderId: string; items: OrderItem[] }): Promise<void> {
    transaction(db, () => {
      if (firstRow(db, 'SELECT order_id FROM reservations WHERE order_id = ?', [input.orderId])) return;
      for (const { sku, quantity } of input.items) {
        const { changes } = db.run(
          'UPDATE products SET on_hand = on_hand - ? WHERE sku = ? AND on_hand >= ?',
          [quantity, sku, quantity],
        );
        if (changes === 0) throw ApplicationFailure.nonRetryable(`Not enough of ${sku}`, 'OutOfStock');
      }
      db.run('INSERT INTO reservations (order_id, items) VALUES (?, ?)', [
        input.orderId,
        JSON.stringify(input.items),
      ]);
    });
  },

  /** Does nothing where nothing is reserved, or no longer. */
  async releaseInventory(input: { orderId: string }): Promise<void> {
    transaction(db, () => {
      const reservation = firstRow<{ items: string }>(
        db,
        'SELECT items FROM reservations WHERE order_id = ? AND released = 0',
        [input.orderId],
      );
      if (!reservation) return;
      for (const { sku, quantity } of JSON.parse(reservation.items) as OrderItem[]) {
        db.run('UPDATE products SET on_hand = on_hand + ? WHERE sku = ?', [quantity, sku]);
      }
      db.run('UPDATE reservations SET released = 1 WHERE order_id = ?', [input.orderId]);
    });
  },

  async readStockLevels(input: { skus: string[] }): Promise<{ sku: string; onHand: number }[]> {
    return input.skus.map((sku) => ({
      sku,
      onHand:
        firstRow<{ on_hand: number }>(db, 'SELECT on_hand FROM products WHERE sku = ?', [sku])?.on_hand ?? 0,
    }));
  },

  /**
   * Heartbeats: a dead line is noticed after the heartbeat timeout, and the next try sees that the order was placed.
   * @throws SkuDiscontinued (not retryable)
   */
  async orderFromSupplier(input: PurchaseInput): Promise<{ purchaseId: string; resumed: boolean }> {
    const before = Context.current().info.heartbeatDetails as { ordered?: boolean } | undefined;
    await sandbox.supply(input.sku);
    db.run('INSERT OR IGNORE INTO purchases (purchase_id, sku, quantity) VALUES (?, ?, ?)', [
      input.purchaseId,
      input.sku,
      input.quantity,
    ]);
    return { purchaseId: input.purchaseId, resumed: before?.ordered === true };
  },

  async receiveStock(input: { purchaseId: string }): Promise<void> {
    transaction(db, () => {
      const purchase = firstRow<{ sku: string; quantity: number }>(
        db,
        'SELECT sku, quantity FROM purchases WHERE purchase_id = ? AND received = 0',
        [input.purchaseId],
      );
      if (!purchase) return;
      db.run('INSERT OR IGNORE INTO products VALUES (?, 1000, 0)', [purchase.sku]);
      db.run('UPDATE products SET on_hand = on_hand + ? WHERE sku = ?', [purchase.quantity, purchase.sku]);
      db.run('UPDATE purchases SET received = 1 WHERE purchase_id = ?', [input.purchaseId]);
    });
  },
});
