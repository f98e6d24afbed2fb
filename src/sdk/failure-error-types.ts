import type { WorkerOptions } from '@temporalio/worker';
import type { SdkWorkflowCreator } from './workflow-creator';

/**
 * The option `workflowFailureErrorTypes` (SDK 1.24 and later), without the part of it that core takes.
 *
 * Core fails a workflow by itself if its commands do not fit the history and the option lists `NondeterminismError`,
 * `DeterminismViolationError` or `Error` (`toNativeWorkerOptions` in `@temporalio/worker/lib/worker-options.js`). A replay worker then
 * never ends that replay. So these names reach workflow code only, by `failureExceptionTypeNames` of `createWorkflow`
 * (`lib/worker.js`, checked on 1.24.0). If that is not read any more, errors of these names fail the workflow task.
 * `test/e2e/worker-options.test.ts` holds both.
 */
export type FailureErrorTypes = NonNullable<WorkerOptions['workflowFailureErrorTypes']>;

type CreateOptions = Parameters<SdkWorkflowCreator['createWorkflow']>[0];

const TAKEN_BY_CORE: ReadonlySet<string> = new Set([
  'NondeterminismError',
  'DeterminismViolationError',
  'Error',
]);

/** Returns the types that core may know. */
export const withoutNondeterminism = (types: FailureErrorTypes): FailureErrorTypes => ({
  '*': [],
  ...Object.fromEntries(
    Object.entries(types).map(([workflowType, names]) => [
      workflowType,
      names.filter((name) => !TAKEN_BY_CORE.has(name)),
    ]),
  ),
});

/** Gives the sandbox of one workflow all types. */
export function setFailureErrorTypes(options: CreateOptions, types: FailureErrorTypes | undefined): void {
  if (types === undefined) return;
  const names = [...(types['*'] ?? []), ...(types[options.info.workflowType] ?? [])];
  Object.assign(options, { failureExceptionTypeNames: [...new Set(names)] });
}
