import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Service } from '../../recording';
import type { CatalogFile, ImportActivities, LocalImportActivities } from './types';

const activities: ImportActivities & LocalImportActivities = {
  validateFile: async () => ({ ok: true }),
  lockCatalog: async () => undefined,
  planChunks: async ({ fileId, rows, rowsPerChunk }) =>
    Array.from({ length: Math.ceil(rows / rowsPerChunk) }, (_, n) => ({
      fileId,
      firstRow: n * rowsPerChunk,
      rows: Math.min(rowsPerChunk, rows - n * rowsPerChunk),
    })),
  async writeRow({ fileId, row }) {
    if (fileId === 'broken' && row === 2) throw ApplicationFailure.nonRetryable('Not a product');
    if (fileId === 'slow') await Context.current().cancelled;
  },
  refreshIndex: async () => undefined,
  reportFailures: async () => undefined,
  unlockCatalog: async () => undefined,
};

const file = (fileId: string): CatalogFile => ({ fileId, rows: 4, rowsPerChunk: 2 });

export const catalogImport: Service = {
  name: 'import',
  activities,
  cases: [
    { history: 'imported', type: 'importCatalog', args: [file('spring')] },
    {
      // By the code as it was before the patch.
      history: 'partly-failed-unvalidated',
      type: 'importCatalog',
      args: [file('broken')],
      code: {
        'catalog.ts': [
          ["if (patched('validate-first')) {\n    await steps.validateFile({ fileId });\n  }\n", ''],
        ],
      },
    },
    {
      history: 'open-children',
      type: 'importCatalog',
      args: [file('slow')],
      async leaveOpen(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'CHILD_WORKFLOW_EXECUTION_STARTED', 2);
        await recorder.settled(handle.workflowId);
      },
    },
    {
      history: 'chunk',
      type: 'importChunk',
      args: [{ fileId: 'summer', firstRow: 10, rows: 5 }],
    },
  ],
};
