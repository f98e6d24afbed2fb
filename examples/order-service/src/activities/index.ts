import type { Database } from 'node-sqlite3-wasm';
import { createInventoryActivities } from './inventory';
import { createLoyaltyActivities } from './loyalty';
import { createOrderActivities } from './orders';
import { createPaymentActivities } from './payments';
import { createShippingActivities } from './shipping';

/** All activities over one database. Each can be retried at any time: what it writes is keyed by an id from its input. */
export const createActivities = (db: Database) => ({
  ...createOrderActivities(db),
  ...createPaymentActivities(db),
  ...createInventoryActivities(db),
  ...createShippingActivities(db),
  ...createLoyaltyActivities(db),
});

export type Activities = ReturnType<typeof createActivities>;
