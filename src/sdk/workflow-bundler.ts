import { requireInternal } from './workflow-creator';

/**
 * The SDK's bundler, without the worker, its connection and its observables beside it, which take 0.4 s of a processor to load.
 *
 * Relies on `bundleWorkflowCode` of `@temporalio/worker/lib/workflow/bundler.js` and on `DefaultLogger` of `lib/logger.js`
 * (checked on SDK 1.9.3 and 1.24.0). If they are not there, the whole package is loaded, which exports both. `test/sdk/workflow-bundler.test.ts`
 * fails when an upgrade changes them.
 */
type WorkerPackage = typeof import('@temporalio/worker');
type WorkflowBundler = Pick<WorkerPackage, 'bundleWorkflowCode' | 'DefaultLogger'>;

/** Loads the SDK's bundler. By `require`, since jest's realm has no `import()`. */
export function workflowBundler(): WorkflowBundler {
  const { bundleWorkflowCode } =
    requireInternal<Partial<WorkflowBundler>>('@temporalio/worker/lib/workflow/bundler') ?? {};
  const { DefaultLogger } = requireInternal<Partial<WorkflowBundler>>('@temporalio/worker/lib/logger') ?? {};
  return bundleWorkflowCode && DefaultLogger
    ? { bundleWorkflowCode, DefaultLogger }
    : (require('@temporalio/worker') as WorkerPackage);
}
