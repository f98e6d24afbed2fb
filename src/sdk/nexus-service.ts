import { createRequire } from 'node:module';
import { TemporalReplayError } from '../errors';

/**
 * Relies on how the SDK's worker calls a Nexus service handler: `getOperationHandler` by name for each operation, and an
 * error with a `failure` encoded as that failure, anywhere in a chain of causes (`@temporalio/worker`, checked on 1.24.0).
 * `test/testing/mocks/mock-nexus.test.ts` fails when an upgrade changes it.
 */
export interface NexusService {
  name: string;
  /** Runs one attempt of an operation. Its result is the operation's; an error made by {@link NexusRpc} is its failure. */
  start(operation: string, requestId: string, input: unknown): Promise<unknown>;
}

/** Parts of nexus-rpc that we use, of the copy that belongs to the SDK's worker. */
export interface NexusRpc {
  HandlerStartOperationResult: { sync(value: unknown): unknown };
  OperationError: new (state: string, message: string, options: { cause?: Error }) => Error;
  HandlerError: new (
    type: string,
    message: string,
    options: { cause?: Error; retryableOverride?: boolean },
  ) => Error;
}

/** @throws PACKAGE_MISSING if the SDK's worker has no nexus-rpc */
export function loadNexusRpc(): NexusRpc {
  try {
    return createRequire(require.resolve('@temporalio/worker'))('nexus-rpc') as NexusRpc;
  } catch (err) {
    const { version } = require('@temporalio/worker/package.json') as { version: string };
    throw new TemporalReplayError(
      'PACKAGE_MISSING',
      `@temporalio/worker ${version} has no Nexus: nexus-rpc is not found beside it.`,
      { cause: err, hint: 'Install it again, or leave out the option `nexus`.' },
    );
  }
}

/** Returns what `nexus.serviceHandler(…)` returns, but for operations of any name. */
export function nexusServiceHandler(rpc: NexusRpc, { name, start }: NexusService): object {
  const getOperationHandler = (operation: string): object => ({
    name: operation,
    start: async ({ requestId }: { requestId: string }, input: unknown): Promise<unknown> =>
      rpc.HandlerStartOperationResult.sync(await start(operation, requestId, input)),
    cancel: () => Promise.resolve(),
  });
  return { definition: { name, operations: {} }, handlers: {}, getOperationHandler };
}
