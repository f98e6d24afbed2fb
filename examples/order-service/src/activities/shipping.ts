import type { Database } from 'node-sqlite3-wasm';
import { firstRow } from '../database';
import * as sandbox from '../sandbox';
import type { Address, OrderItem } from '../types';

export const createShippingActivities = (db: Database) => ({
  /** @throws AddressUndeliverable (not retryable) */
  async createLabel(input: { shipmentId: string; address: Address }): Promise<{ trackingNumber: string }> {
    sandbox.checkDeliverable(input.address.postalCode);
    const trackingNumber = `TRK-${input.shipmentId}`;
    db.run('INSERT OR IGNORE INTO labels (shipment_id, tracking_number) VALUES (?, ?)', [
      input.shipmentId,
      trackingNumber,
    ]);
    return { trackingNumber };
  },

  /** Does nothing where there is no label. */
  async voidLabel(input: { shipmentId: string }): Promise<void> {
    db.run('UPDATE labels SET voided = 1 WHERE shipment_id = ?', [input.shipmentId]);
  },

  async bookPickup(input: { shipmentId: string; items: OrderItem[] }): Promise<{ parcels: number }> {
    const label = firstRow(db, 'SELECT shipment_id FROM labels WHERE shipment_id = ?', [input.shipmentId]);
    if (!label) throw new Error(`No label for ${input.shipmentId} yet`);
    return { parcels: input.items.length };
  },
});
