import { randomUUID } from 'node:crypto';
import { ApplicationFailure, ensureApplicationFailure, type LoadedDataConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { NexusEndpoints } from '../connection/nexus-endpoints';
import type { NexusFailure, NexusOutcome, NexusTask } from '../worker/protocol';
import {
  type LetTimePass,
  type MockedNexusService,
  mockedNexusServicesOf,
  type NexusOperationCall,
  refuse,
} from './mock-nexus-operations';
import type {
  FailedOperation,
  MockContext,
  OpenedMocks,
  OperationAttempts,
  RunningOperation,
} from './opened-mocks';
import { nowMs } from '../time/clock';

const { Payload } = temporal.api.common.v1;
const { Failure } = temporal.api.failure.v1;

interface NexusRunnerOptions {
  services: readonly MockedNexusService[];
  converter: LoadedDataConverter;
  letTimePass: LetTimePass;
}

/** The option of `createTestEnvironment` that takes mocks of Nexus services. */
export interface NexusMockOptions {
  /** Mocks of Nexus services, one result of `mockNexusOperations(…)` for each. @default none */
  nexus?: readonly object[];
}

/** Opens the mocks of `mockNexusOperations` in an environment. */
export function openNexusOperationMocks(
  { nexus = [] }: NexusMockOptions,
  context: MockContext,
): OpenedMocks<'runNexusOperation'> {
  const { converter, letTimePass, recordingActivity, connection, opened } = context;
  const services = mockedNexusServicesOf(nexus);
  const runner = new NexusRunner({ services, converter, letTimePass });
  const endpoints = new NexusEndpoints(connection, opened.namespace);
  return {
    answer: (task) => recordingActivity(() => runner.run(task)),
    operations: runner,
    start: () => startNexusWorkers(services, endpoints, context),
    endCalls: () => runner.endAll(),
    deleteFromServer: () => endpoints.deleteAll(),
  };
}

/** Starts an SDK worker for each endpoint, since two endpoints may have services of the same name. */
async function startNexusWorkers(
  mocked: readonly MockedNexusService[],
  endpoints: NexusEndpoints,
  { testWorker, server, bundle: { worker } }: MockContext,
): Promise<void> {
  for (const endpoint of new Set(mocked.map((service) => service.endpoint))) {
    const services = mocked.filter((of) => of.endpoint === endpoint).map(({ service }) => service);
    const taskQueue = `nexus-${randomUUID()}`;
    const request = { server, endpoint, taskQueue, services, worker };
    await testWorker.channel.request('startNexusWorker', request);
    await endpoints.create(endpoint, taskQueue);
  }
}

/** Runs mocked Nexus operations in the test file's process. */
class NexusRunner implements OperationAttempts {
  /** Numbers of attempts by request id. All attempts of one call have the same request id. */
  private readonly attempts = new Map<string, number>();

  private readonly failures = new Map<string, FailedOperation>();
  private readonly operations = new Set<RunningOperation>();
  private readonly ended = createEnd();

  constructor(private readonly options: NexusRunnerOptions) {}

  get running(): RunningOperation[] {
    return [...this.operations];
  }

  get failed(): FailedOperation[] {
    return [...this.failures.values()];
  }

  async run(task: NexusTask): Promise<NexusOutcome> {
    const { endpoint, service, operation, requestId } = task;
    const attempt = (this.attempts.get(requestId) ?? 0) + 1;
    this.attempts.set(requestId, attempt);
    const running: RunningOperation = { service, operation, startedAtMs: nowMs() };
    this.operations.add(running);
    try {
      const input = this.decoded(task.input);
      const call = this.call({ endpoint, service, operation, input, attempt });
      const result = await Promise.race([call, this.ended.promise]);
      const encoded = this.encoded(result);
      this.failures.delete(requestId);
      return { kind: 'completed', result: encoded };
    } catch (err) {
      const { message } = fieldsOf(err);
      this.failures.set(requestId, { service, operation, attempt, message, failedAtMs: nowMs() });
      return { kind: 'failed', failure: this.failureOf(err) };
    } finally {
      this.operations.delete(running);
    }
  }

  /** Fails all running operations: a worker waits for its operations before it stops. */
  endAll(): void {
    this.ended.end();
  }

  private async call(call: NexusOperationCall): Promise<unknown> {
    // The worker has no other services than these.
    const mocked = this.options.services.find(
      ({ endpoint, service }) => endpoint === call.endpoint && service === call.service,
    )!;
    const operation = mocked.operations.get(call.operation);
    return operation
      ? operation.run(call, this.options.letTimePass)
      : refuse(mocked, call.operation, call.input);
  }

  private failureOf(err: unknown): NexusFailure {
    // Reads fields instead of classes, because the test may load another copy of nexus-rpc.
    const { name, message, cause, ...thrown } = fieldsOf(err);
    if (name === 'OperationError' && (thrown.state === 'failed' || thrown.state === 'canceled'))
      return {
        error: { class: 'OperationError', state: thrown.state },
        ...{ message, failure: cause === undefined ? null : this.failureBytes(cause) },
      };
    if (name === 'HandlerError' && typeof thrown.type === 'string')
      return {
        error: {
          class: 'HandlerError',
          type: thrown.type,
          retryableOverride: typeof thrown.retryableOverride === 'boolean' ? thrown.retryableOverride : null,
        },
        ...{ message, failure: cause === undefined ? null : this.failureBytes(cause) },
      };
    return { error: { class: 'ApplicationFailure' }, message, failure: this.failureBytes(err) };
  }

  private failureBytes(err: unknown): Uint8Array {
    const { failureConverter, payloadConverter } = this.options.converter;
    const failure = failureConverter.errorToFailure(ensureApplicationFailure(err), payloadConverter);
    return Failure.encode(failure).finish();
  }

  private decoded(bytes: Uint8Array | null): unknown {
    if (bytes === null) return undefined;
    return this.options.converter.payloadConverter.fromPayload(Payload.decode(bytes));
  }

  private encoded(value: unknown): Uint8Array {
    const payload = this.options.converter.payloadConverter.toPayload(value);
    if (payload === undefined)
      throw ApplicationFailure.nonRetryable(
        `No converter takes the result of a Nexus operation: ${typeof value}.`,
        'TypeError',
      );
    return Payload.encode(payload).finish();
  }
}

/** Creates a promise that `end` rejects. */
function createEnd(): { promise: Promise<never>; end(): void } {
  let end: () => void = () => undefined;
  const promise = new Promise<never>((_, reject) => {
    end = () => reject(ApplicationFailure.nonRetryable('The test has ended.', 'TestEnded'));
  });
  promise.catch(() => undefined);
  return { promise, end };
}

interface Thrown {
  name?: unknown;
  message: string;
  cause?: unknown;
  state?: unknown;
  type?: unknown;
  retryableOverride?: unknown;
}

function fieldsOf(err: unknown): Thrown {
  if (typeof err !== 'object' || err === null) return { message: String(err) };
  const { name, message, cause, state, type, retryableOverride } = err as Partial<Thrown>;
  return { name, message: String(message), cause, state, type, retryableOverride };
}
