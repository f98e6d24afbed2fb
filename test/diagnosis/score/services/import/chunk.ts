import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Chunk, ImportActivities } from './types';

const { writeRow } = proxyActivities<ImportActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3, initialInterval: '100 ms' },
});

/** Rows after which the database gets a break. */
const BREATH_EVERY = 2;

export default async function importChunk({ fileId, firstRow, rows }: Chunk): Promise<number> {
  for (let done = 0; done < rows; done++) {
    if (done > 0 && done % BREATH_EVERY === 0) await sleep('200 ms');
    await writeRow({ fileId, row: firstRow + done });
  }
  return rows;
}
