import { Worker } from '@temporalio/worker';
import type { V8Contexts } from '../model/v8-contexts';
import type { SdkWorkflowCreator } from './workflow-creator';
import { shareWorkflowsByRun } from './workflows-by-run';

/**
 * The static method that the subclass overrides: `Worker.createWorkflowCreator` (`@temporalio/worker/lib/worker.js`, checked on
 * 1.14.1 and 1.24.0).
 * `test/replay/engine/core/recording.test.ts` and `test/testing/environment/environment.test.ts` fail when an upgrade changes it.
 */
interface SdkWorkerClass {
  createWorkflowCreator(bundle: unknown, compiled: unknown, logger: unknown): Promise<SdkWorkflowCreator>;
}

/** Makes the SDK's workflow creator, by default for the worker's bundle and with its V8 contexts. */
export type MakeCreator = (changes?: {
  /** Another parsed bundle. */
  bundle?: unknown;
  contexts?: V8Contexts['kind'];
}) => Promise<SdkWorkflowCreator>;

/**
 * Returns a subclass of the SDK's `Worker` that runs workflows with the creator that `create` returns.
 *
 * @throws Error if the SDK's `Worker` has no method to override
 */
export function createWorkerClass(
  create: (make: MakeCreator, bundle: { filename: string }) => Promise<SdkWorkflowCreator>,
): typeof Worker {
  shareWorkflowsByRun();
  const base = Worker as unknown as SdkWorkerClass;
  if (typeof base.createWorkflowCreator !== 'function')
    throw new Error('This version of @temporalio/worker has no Worker.createWorkflowCreator.');
  class ExtendedWorker extends (Worker as unknown as new () => object) {
    protected static createWorkflowCreator(
      bundle: { filename: string },
      compiled: object,
      logger: unknown,
    ): Promise<SdkWorkflowCreator> {
      const make: MakeCreator = ({ bundle: other = bundle, contexts } = {}) => {
        const options = contexts ? { ...compiled, reuseV8Context: contexts === 'reused' } : compiled;
        return base.createWorkflowCreator.call(this, other, options, logger);
      };
      return create(make, bundle);
    }
  }
  return ExtendedWorker as unknown as typeof Worker;
}
