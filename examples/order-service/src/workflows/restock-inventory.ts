import {
  ApplicationFailure,
  CancellationScope,
  log,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { RestockInput, RestockResult } from '../types';
import * as activities from './activities';

/** Fills a warehouse up, a few purchases at once. Meant to be run by a schedule. */
export async function restockInventory(input: RestockInput): Promise<RestockResult> {
  const { warehouse, skus, target, batchSize = 4 } = input;
  if (batchSize < 1) throw ApplicationFailure.nonRetryable(`Batch size ${batchSize}`, 'InvalidInput');

  const levels = await activities.readStockLevels({ skus });
  const missing = levels.filter(({ onHand }) => onHand < target);
  const result: RestockResult = { purchases: 0, units: 0 };

  for (let start = 0; start < missing.length; start += batchSize) {
    const batch = missing.slice(start, start + batchSize);
    // One purchase that fails cancels the rest of its batch: the next scheduled run begins from the levels of then.
    await CancellationScope.cancellable(async () => {
      try {
        await Promise.all(batch.map((level) => purchase(level.sku, target - level.onHand)));
      } catch (err) {
        if (err instanceof TemporalFailure) CancellationScope.current().cancel();
        throw err;
      }
    });
    result.purchases += batch.length;
    result.units += batch.reduce((units, { onHand }) => units + target - onHand, 0);
    log.info('batch received', { warehouse, ...result });
  }
  return result;
}

async function purchase(sku: string, quantity: number): Promise<void> {
  // The first run's id stays the same over the retries of this workflow, so that none of them buys twice.
  const purchaseId = `${workflowInfo().firstExecutionRunId}-${sku}`;
  await activities.orderFromSupplier({ purchaseId, sku, quantity });
  await activities.receiveStock({ purchaseId });
}
