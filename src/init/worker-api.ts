import type { TSESTree } from '@typescript-eslint/types';
import { isExportOf } from '../source/bindings';
import type { ParsedModule } from '../source/module-reader';

export const WORKER_PACKAGE = '@temporalio/worker';

/** Returns `worker` for a call of `Worker.create`, `bundle` for one of `bundleWorkflowCode`, else null. */
export function workerApiOf(
  { callee }: TSESTree.CallExpression,
  module: ParsedModule,
): 'worker' | 'bundle' | null {
  if (isExportOf(callee, WORKER_PACKAGE, 'bundleWorkflowCode', module)) return 'bundle';
  const isCreate =
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'create' &&
    isExportOf(callee.object, WORKER_PACKAGE, 'Worker', module);
  return isCreate ? 'worker' : null;
}
