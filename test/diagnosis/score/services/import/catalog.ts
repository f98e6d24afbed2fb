import {
  CancellationScope,
  ChildWorkflowCancellationType,
  type ChildWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  proxyLocalActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type importChunk from './chunk';
import type { CatalogFile, Chunk, ImportActivities, ImportSummary, LocalImportActivities } from './types';

const steps = proxyActivities<ImportActivities>({ startToCloseTimeout: '5 minutes' });
const { planChunks } = proxyLocalActivities<LocalImportActivities>({ startToCloseTimeout: '5 seconds' });

/** Imports a file of products: a child a chunk, all of them at once. */
export async function importCatalog(file: CatalogFile): Promise<ImportSummary> {
  const { fileId } = file;
  if (patched('validate-first')) {
    await steps.validateFile({ fileId });
  }
  await steps.lockCatalog({ fileId });
  try {
    const chunks = await planChunks(file);
    const children = await startAll(chunks);
    const outcomes = await Promise.allSettled(children.map((child) => child.result()));
    return await summarize(fileId, outcomes);
  } catch (err) {
    if (isCancellation(err)) log.info('import cancelled', { fileId });
    throw err;
  } finally {
    await CancellationScope.nonCancellable(async () => {
      await steps.unlockCatalog({ fileId });
    });
  }
}

async function startAll(chunks: readonly Chunk[]): Promise<ChildWorkflowHandle<typeof importChunk>[]> {
  const children: ChildWorkflowHandle<typeof importChunk>[] = [];
  for (const chunk of chunks) {
    const child = await startChild<typeof importChunk>('importChunk', {
      workflowId: `${workflowInfo().workflowId}/rows-${chunk.firstRow}`,
      args: [chunk],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
    children.push(child);
  }
  return children;
}

async function summarize(
  fileId: string,
  outcomes: readonly PromiseSettledResult<number>[],
): Promise<ImportSummary> {
  const failed = outcomes.flatMap((outcome, n) => {
    if (outcome.status === 'fulfilled') return [];
    if (isCancellation(outcome.reason)) throw outcome.reason;
    return [n];
  });
  if (failed.length > 0) await steps.reportFailures({ fileId, chunks: failed });
  else await steps.refreshIndex({ fileId });
  const imported = outcomes.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0);
  return { imported, failedChunks: failed.length };
}
