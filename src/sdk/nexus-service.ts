import { createRequire } from 'node:module';
import { TemporalReplayError } from '../errors';

/**
 * A Nexus service with operations of any name.
 *
 * It relies on the way in which the SDK's worker calls a service handler (`@temporalio/worker`, checked on 1.24.0): the worker
 * calls `getOperationHandler` with the name of each operation, and encodes an error with a `failure`, anywhere in a chain of
 * causes, as that failure. `test/testing/mocks/mock-nexus.test.ts` fails when an upgrade changes it.
 */
export interface NexusService {
  name: string;
  /** Runs one attempt of an operation and returns its result. An error of a class of {@link NexusRpc} is its failure. */
  start(operation: string, requestId: string, input: unknown): Promise<unknown>;
}

/** The parts of nexus-rpc that are used here, of the copy that belongs to the SDK's worker. */
export interface NexusRpc {
  HandlerStartOperationResult: { sync(value: unknown): unknown };
  OperationError: new (state: string, message: string, options: { cause?: Error }) => Error;
  HandlerError: new (
    type: string,
    message: string,
    options: { cause?: Error; retryableOverride?: boolean },
  ) => Error;
}

/** Loads the nexus-rpc of the SDK's worker. @throws PACKAGE_MISSING if the worker has none */
export function loadNexusRpc(): NexusRpc {
  try {
    return createRequire(require.resolve('@temporalio/worker'))('nexus-rpc') as NexusRpc;
  } catch (err) {
    const { version } = require('@temporalio/worker/package.json') as { version: string };
    throw new TemporalReplayError(
      'PACKAGE_MISSING',
      `@temporalio/worker ${version} has no Nexus: nexus-rpc is not found next to it.`,
      { cause: err, hint: 'Install it again, or omit the option `nexus`.' },
    );
  }
}

/** Returns a service handler as `nexus.serviceHandler(…)` does, but for operations of any name. */
export function nexusServiceHandler(rpc: NexusRpc, { name, start }: NexusService): object {
  const getOperationHandler = (operation: string): object => ({
    name: operation,
    start: async ({ requestId }: { requestId: string }, input: unknown): Promise<unknown> =>
      rpc.HandlerStartOperationResult.sync(await start(operation, requestId, input)),
    cancel: () => Promise.resolve(),
  });
  return { definition: { name, operations: {} }, handlers: {}, getOperationHandler };
}
