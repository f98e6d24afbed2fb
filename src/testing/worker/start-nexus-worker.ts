import { createRequire } from 'node:module';
import { ApplicationFailure } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { TemporalReplayError } from '../../errors';
import { payloadCodecsOf } from '../../sdk/load-data-converter';
import type { NexusFailure, NexusOutcome, NexusTask, NexusWorkerRequest } from './protocol';
import { RawPayload } from './raw-payloads';
import { FORCED_STOP_AFTER, type RunningSdkWorker, stopped } from './start-sdk-worker';

const { Payload } = temporal.api.common.v1;
const { Failure } = temporal.api.failure.v1;

/** What of nexus-rpc is used: the copy that the SDK's worker itself has. */
interface NexusRpc {
  HandlerStartOperationResult: { sync(value: unknown): unknown };
  OperationError: new (state: string, message: string, options: { cause?: Error }) => Error;
  HandlerError: new (
    type: string,
    message: string,
    options: { cause?: Error; retryableOverride?: boolean },
  ) => Error;
}

interface StartContext {
  requestId: string;
}

type RunOperation = (task: NexusTask) => Promise<NexusOutcome>;

/**
 * A worker for one Nexus endpoint, whose operations run in the test's process.
 *
 * @throws PACKAGE_MISSING where the SDK's nexus-rpc is not found
 */
export async function startNexusWorker(
  { endpoint, taskQueue, services, dataConverter }: NexusWorkerRequest,
  environment: TestWorkflowEnvironment,
  run: RunOperation,
): Promise<RunningSdkWorker> {
  const rpc = loadNexusRpc();
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    taskQueue,
    nexusServices: services.map((service) => serviceHandler(rpc, { endpoint, service }, run)) as never,
    dataConverter: {
      payloadConverterPath: require.resolve('./raw-payloads'),
      failureConverterPath: require.resolve('./raw-payloads'),
      payloadCodecs: await payloadCodecsOf(dataConverter),
    },
    shutdownGraceTime: 0,
    shutdownForceTime: FORCED_STOP_AFTER,
  });
  const ended = worker.run().catch(() => undefined);
  return { restart: () => undefined, stop: () => stopped(worker, ended) };
}

function loadNexusRpc(): NexusRpc {
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

/** As `nexus.serviceHandler(…)` makes it, for operations of any name: the SDK asks it for each by name. */
function serviceHandler(
  rpc: NexusRpc,
  { endpoint, service }: { endpoint: string; service: string },
  run: RunOperation,
): object {
  const handlerOf = (operation: string): object => ({
    name: operation,
    async start({ requestId }: StartContext, input: RawPayload | undefined): Promise<unknown> {
      const outcome = await run({
        ...{ endpoint, service, operation, requestId },
        input: input === undefined ? null : Payload.encode(input.payload).finish(),
      });
      if (outcome.kind === 'failed') throw errorOf(rpc, outcome.failure);
      return rpc.HandlerStartOperationResult.sync(new RawPayload(Payload.decode(outcome.result)));
    },
    cancel: () => Promise.resolve(),
  });
  return { definition: { name: service, operations: {} }, handlers: {}, getOperationHandler: handlerOf };
}

function errorOf(rpc: NexusRpc, { error, message, failure }: NexusFailure): Error {
  const cause = failure === null ? undefined : encodedError(failure);
  switch (error.class) {
    case 'OperationError':
      return new rpc.OperationError(error.state, message, { cause });
    case 'HandlerError': {
      const retryableOverride = error.retryableOverride ?? undefined;
      return new rpc.HandlerError(error.type, message, { cause, retryableOverride });
    }
    case 'ApplicationFailure':
      return cause!;
  }
}

/** The SDK encodes an error that has a `failure` as that, wherever in a chain of causes it stands. */
function encodedError(bytes: Uint8Array): ApplicationFailure {
  const failure = Failure.decode(bytes);
  const nonRetryable = failure.applicationFailureInfo?.nonRetryable ?? false;
  return Object.assign(ApplicationFailure.create({ message: failure.message, nonRetryable }), { failure });
}
