import { Context } from '@temporalio/activity';

/** The activities that the workflows of the cookbook call. */
export interface Activities {
  charge(orderId: string): Promise<string>;
  refund(chargeId: string): Promise<void>;
  reserve(sku: string): Promise<void>;
  release(sku: string): Promise<void>;
  ship(orderId: string): Promise<string>;
  remind(userId: string, day: number): Promise<void>;
  importRows(file: string): Promise<number>;
}

/** Imports a file row by row; after a retry it goes on where it was. */
export async function importRows(rows: string[]): Promise<number> {
  const context = Context.current();
  const done = (context.info.heartbeatDetails as number | undefined) ?? 0;
  for (let row = done; row < rows.length; row++) {
    context.heartbeat(row + 1);
    await context.sleep(10);
  }
  return rows.length - done;
}
