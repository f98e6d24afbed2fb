import { requireInternal } from './workflow-creator';

/**
 * Lets creators with a reused V8 context and creators with contexts of their own live in one process.
 *
 * Each of the two classes listens to unhandled rejections of the process, and throws if the workflow is not one of its own,
 * which ends the process. With one map of workflows for both, each knows all workflows.
 *
 * Relies on the static `workflowByRunId` of both classes (`lib/workflow/reusable-vm.js` and `vm.js` of
 * `@temporalio/worker`, checked on SDK 1.9.3 and 1.24.0), and changes nothing if it is missing. `test/e2e/isolation.test.ts` fails
 * when an upgrade changes it.
 */
export function shareWorkflowsByRun(): void {
  const reusable = requireInternal<Record<string, CreatorClass | undefined>>(
    '@temporalio/worker/lib/workflow/reusable-vm',
  )?.['ReusableVMWorkflowCreator'];
  const own = requireInternal<Record<string, CreatorClass | undefined>>(
    '@temporalio/worker/lib/workflow/vm',
  )?.['VMWorkflowCreator'];
  if (reusable?.workflowByRunId && own?.workflowByRunId) own.workflowByRunId = reusable.workflowByRunId;
}

interface CreatorClass {
  workflowByRunId?: Map<string, object>;
}
