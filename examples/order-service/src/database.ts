import { Database } from 'node-sqlite3-wasm';

/**
 * Every table that an activity writes to has the activity's idempotency key as its primary key: a retry finds the
 * row of the first try and returns what that one did.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS products (sku TEXT PRIMARY KEY, price_cents INTEGER NOT NULL, on_hand INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS reservations (order_id TEXT PRIMARY KEY, items TEXT NOT NULL, released INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS payments (idempotency_key TEXT PRIMARY KEY, payment_id TEXT NOT NULL, amount_cents INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS refunds (refund_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, amount_cents INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS labels (shipment_id TEXT PRIMARY KEY, tracking_number TEXT NOT NULL, voided INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS emails (email_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, template TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS points (entry_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, points INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS vouchers (redemption_id TEXT PRIMARY KEY, code TEXT NOT NULL, value_cents INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS purchases (purchase_id TEXT PRIMARY KEY, sku TEXT NOT NULL, quantity INTEGER NOT NULL, received INTEGER NOT NULL DEFAULT 0);
`;

const CATALOGUE: [sku: string, priceCents: number, onHand: number][] = [
  ['coffee-beans', 1_450, 500],
  ['filter-papers', 390, 500],
  ['grinder', 18_900, 40],
  ['espresso-machine', 124_000, 12],
  ['collectors-cup', 9_900, 0],
];

/** Opens the service's database, with its tables and a small catalogue. Without a path it lives in memory. */
export function openDatabase(path = ':memory:'): Database {
  const db = new Database(path);
  db.exec(SCHEMA);
  for (const product of CATALOGUE) db.run('INSERT OR IGNORE INTO products VALUES (?, ?, ?)', product);
  return db;
}

/** All or nothing. */
export function transaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (err) {
    db.exec('ROLLBACK');
    throw err;
  }
}

/** The first row, with the column types that the caller knows from the schema. */
export function firstRow<T extends Record<string, string | number>>(
  db: Database,
  sql: string,
  values: (string | number)[],
): T | undefined {
  return (db.get(sql, values) as T | null) ?? undefined;
}
