import type { Database } from 'node-sqlite3-wasm';
import type { Voucher } from '../types';

export const createLoyaltyActivities = (db: Database) => ({
  async recordPoints(input: { entryId: string; customerId: string; points: number }): Promise<void> {
    db.run('INSERT OR IGNORE INTO points VALUES (?, ?, ?)', [input.entryId, input.customerId, input.points]);
  },

  async issueVoucher(input: { redemptionId: string; customerId: string; points: number }): Promise<Voucher> {
    const voucher = { code: `VOUCHER-${input.redemptionId}`, valueCents: input.points * 5 };
    db.run('INSERT OR IGNORE INTO vouchers VALUES (?, ?, ?)', [
      input.redemptionId,
      voucher.code,
      voucher.valueCents,
    ]);
    return voucher;
  },
});
