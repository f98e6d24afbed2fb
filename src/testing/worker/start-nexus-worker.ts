import { ApplicationFailure } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { loadNexusRpc, type NexusRpc, nexusServiceHandler } from '../../sdk/nexus-service';
import { configuredWorker } from '../../worker-options/configured-worker';
import { payloadStepsOf } from '../../worker-options/replay-settings';
import type { NexusFailure, NexusOutcome, NexusTask, NexusWorkerRequest } from './protocol';
import { RawPayload } from './raw-payloads';
import { FORCED_STOP_AFTER, type RunningSdkWorker, stopped } from './start-sdk-worker';

const { Payload } = temporal.api.common.v1;
const { Failure } = temporal.api.failure.v1;

/**
 * Starts an SDK worker for one Nexus endpoint. `run` runs its operations in the test file's process.
 *
 * @throws PACKAGE_MISSING if the SDK's worker has no nexus-rpc
 */
export async function startNexusWorker(
  { endpoint, taskQueue, services, worker: source }: NexusWorkerRequest,
  environment: TestWorkflowEnvironment,
  run: (task: NexusTask) => Promise<NexusOutcome>,
): Promise<RunningSdkWorker> {
  const rpc = loadNexusRpc();
  const handlerOf = (service: string): object =>
    nexusServiceHandler(rpc, {
      name: service,
      async start(operation, requestId, input) {
        const payload = input instanceof RawPayload ? Payload.encode(input.payload).finish() : null;
        const outcome = await run({ endpoint, service, operation, requestId, input: payload });
        if (outcome.kind === 'failed') throw errorOf(rpc, outcome.failure);
        return new RawPayload(Payload.decode(outcome.result));
      },
    });
  const { dataConverter } = await configuredWorker(source);
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    taskQueue,
    nexusServices: services.map(handlerOf) as never,
    dataConverter: {
      payloadConverterPath: require.resolve('./raw-payloads'),
      failureConverterPath: require.resolve('./raw-payloads'),
      ...payloadStepsOf(dataConverter),
    },
    shutdownGraceTime: 0,
    shutdownForceTime: FORCED_STOP_AFTER,
  });
  const ended = worker.run().catch(() => undefined);
  return { restart: () => undefined, stop: () => stopped(worker, ended) };
}

function errorOf(rpc: NexusRpc, { error, message, failure }: NexusFailure): Error {
  const cause = failure === null ? undefined : errorWithFailure(failure);
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

/** Returns an error that the SDK encodes as this failure. */
function errorWithFailure(bytes: Uint8Array): ApplicationFailure {
  const failure = Failure.decode(bytes);
  const nonRetryable = failure.applicationFailureInfo?.nonRetryable ?? false;
  return Object.assign(ApplicationFailure.create({ message: failure.message, nonRetryable }), { failure });
}
