import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { AnyFunction, Implementation, MockFunction } from './mock-function';
import { hangs } from './mock-activities';
import { nexusOperationCannotHang } from './nexus-operation-cannot-hang';
import { nexusOperationNotMocked } from './nexus-operation-not-mocked';
import { type Behaviour, createScriptedMock, implementationOf, type ScriptedMock } from './scripted-mock';

/**
 * A service as `nexus.service(…)` of nexus-rpc defines it. Declared here and not imported, because the package comes with the
 * SDK and does not resolve from every project.
 */
export interface NexusServiceDefinition {
  name: string;
  /** Operations by property name; `name` is the name on the wire. */
  operations: Record<string, { name: string }>;
}

type Converter<T> = {
  transferTypeConverter?: { fromTransferType(value: never): T; toTransferType(value: T): unknown };
};

/** An operation as a function, with the types of its definition where nexus-rpc (0.0.3) declares them. */
export type NexusOperationFunction<D> = D extends {
  inputType?: Converter<infer I>;
  outputType?: Converter<infer O>;
}
  ? (input: I) => Promise<O>
  : AnyFunction;

export type NexusOperationFunctions<S> = S extends { operations: infer Ops }
  ? { [K in keyof Ops & string]: NexusOperationFunction<Ops[K]> }
  : Record<string, AnyFunction>;

/** One attempt of an operation. */
export interface NexusOperationCall<I = unknown> {
  endpoint: string;
  service: string;
  /** Name of the operation on the wire. */
  operation: string;
  input: I;
  /** Number of the attempt, from 1. */
  attempt: number;
}

/** A mock of one operation: a mock function of the test runner, with methods for what Temporal adds. */
export interface NexusOperationMock<F extends AnyFunction = AnyFunction> extends MockFunction<F> {
  /**
   * Makes the next `times` attempts fail, then falls back to the mock's normal behaviour.
   *
   * @param error @default a retryable ApplicationFailure of type `FailedOnPurpose`
   */
  failTimes(times: number, error?: Error): this;
  /** Sets an outcome for each attempt of a call: a value, an error to throw, or a function. The last outcome repeats. */
  byAttempt(outcomes: readonly (Awaited<ReturnType<F>> | Error | Implementation<F>)[]): this;
  /** Makes each attempt take this long, in workflow time, before its outcome. @throws RangeError for 10 s or more */
  delay(duration: Duration): this;
  /** The attempts so far, in order. */
  readonly temporalCalls: readonly NexusOperationCall<Parameters<F>[0]>[];
}

export type NexusOperationMocks<Fs> = {
  [K in keyof Fs]: Fs[K] extends AnyFunction ? NexusOperationMock<Fs[K]> : never;
};

/** Implementations of the mocks: a function of the operation's input, a value to return, or an error to throw. */
export type NexusOperationImplementations<Fs> = {
  [K in keyof Fs]?: Fs[K] extends AnyFunction
    ? Implementation<Fs[K]> | Awaited<ReturnType<Fs[K]>> | Error
    : never;
};

export interface MockNexusOperationsOptions<S, Outcomes> {
  /** Name of the endpoint that the workflow calls. */
  endpoint: string;
  /** Definition of the service that the workflow uses, or the service's name. */
  service: S;
  operations: Outcomes;
}

/** Operations of a service that is given by name. */
export type PlainNexusOperations<Outcomes> = {
  [K in keyof Outcomes]: Outcomes[K] extends AnyFunction ? Outcomes[K] : AnyFunction;
};

/**
 * Mocks the operations of one Nexus service, for `createTestEnvironment({ nexus: [payments] })`:
 *
 *     const payments = mockNexusOperations({
 *       endpoint: 'payments',
 *       service: PaymentService,
 *       operations: { charge: async ({ cents }) => ({ chargeId: `charge of ${cents}` }) },
 *     });
 *
 * Operations run in the test's process. An operation without an implementation fails with a non-retryable error that names it
 * and its input.
 */
export function mockNexusOperations<S extends NexusServiceDefinition>(
  options: MockNexusOperationsOptions<S, NexusOperationImplementations<NexusOperationFunctions<S>>>,
): NexusOperationMocks<NexusOperationFunctions<S>>;
export function mockNexusOperations<Outcomes extends object>(
  options: MockNexusOperationsOptions<string, Outcomes>,
): NexusOperationMocks<PlainNexusOperations<Outcomes>>;
export function mockNexusOperations({
  endpoint,
  service,
  operations,
}: MockNexusOperationsOptions<NexusServiceDefinition | string, object>): object {
  const outcomes = new Map(Object.entries(operations) as [string, unknown][]);
  const { name, operations: defined } =
    typeof service === 'string' ? { name: service, operations: {} } : service;
  const definitionsByProperty: Record<string, OperationDefinition> = {
    ...Object.fromEntries([...outcomes.keys()].map((property) => [property, { name: property }])),
    ...defined,
  };
  const mocked: MockedNexusService = { endpoint, service: name, operations: new Map() };
  const mocks = Object.entries(definitionsByProperty).map(([property, definition]) => {
    const isGiven = outcomes.has(property);
    const initial = isGiven
      ? implementationOf(outcomes.get(property))
      : (input: unknown) => refuse(mocked, definition.name, input);
    const operation = new MockedOperation(definition, initial, isGiven);
    mocked.operations.set(operation.name, operation);
    return [property, operation.mock] as const;
  });
  const container = Object.fromEntries(mocks);
  mockedServices.set(container, mocked);
  return container;
}

export interface MockedNexusService {
  endpoint: string;
  /** Name of the service. */
  service: string;
  /** Operations by name on the wire. */
  operations: Map<string, MockedOperation>;
}

const mockedServices = new WeakMap<object, MockedNexusService>();

/** @throws TypeError if an item was not returned by {@link mockNexusOperations}, or a service is mocked twice */
export function mockedNexusServicesOf(mocks: readonly object[]): MockedNexusService[] {
  const services = mocks.map((mock) => mockedServices.get(mock));
  const seen = new Set<string>();
  return services.map((found) => {
    if (!found)
      throw new TypeError(
        'The option nexus takes a list of values that mockNexusOperations(…) has returned.',
      );
    const key = JSON.stringify([found.endpoint, found.service]);
    if (seen.has(key))
      throw new TypeError(
        `The Nexus service ${found.service} of the endpoint ${found.endpoint} is mocked twice.`,
      );
    seen.add(key);
    return found;
  });
}

/** @throws the error of {@link nexusOperationNotMocked} */
export function refuse(mocked: MockedNexusService, operation: string, input: unknown): never {
  const known = [...mocked.operations.values()].filter((other) => other.isMocked()).map(({ name }) => name);
  throw nexusOperationNotMocked({ service: mocked.service, operation, input }, known);
}

interface TypeInfo {
  transferTypeConverter?: {
    fromTransferType(value: unknown): unknown;
    toTransferType(value: unknown): unknown;
  };
}

interface OperationDefinition {
  name: string;
  inputType?: TypeInfo;
  outputType?: TypeInfo;
}

/** Time within which both servers expect the response to the start of an operation. */
const REQUEST_TIMEOUT_MS = 10_000;

/** The mock of one operation, as the environment runs it. */
export class MockedOperation {
  readonly name: string;
  readonly mock: NexusOperationMock;
  private readonly scripted: ScriptedMock<RunningCall>;
  private running: RunningCall | null = null;

  constructor(
    private readonly definition: OperationDefinition,
    initial: AnyFunction,
    /** True if `mockNexusOperations` was given an implementation for it. */
    private readonly isGiven: boolean,
  ) {
    this.name = definition.name;
    this.scripted = createScriptedMock({
      name: definition.name,
      initial,
      attempt: () => this.running?.call.attempt ?? 1,
      record: () => this.running,
      run: (running, behaviour, args) => this.carryOut(running, behaviour, args),
      toPublicCall: ({ call }) => call,
    });
    this.mock = this.scripted.mock as unknown as NexusOperationMock;
    const { delay } = this.mock as { delay: (duration: Duration) => NexusOperationMock };
    Object.assign(this.mock, {
      delay(duration: Duration): NexusOperationMock {
        if (msToNumber(duration) < REQUEST_TIMEOUT_MS) return delay(duration);
        throw new RangeError(
          `${definition.name}.delay('${duration}'): a mocked operation must take less than 10 s, because the server retries a slower one. To test what the workflow does meanwhile, use a shorter delay and shorter timers.`,
        );
      },
    });
  }

  isMocked(): boolean {
    return this.isGiven || this.scripted.isScripted();
  }

  /** Runs one attempt. @throws the error of the mock */
  async run(call: NexusOperationCall, letTimePass: LetTimePass): Promise<unknown> {
    const { inputType, outputType } = this.definition;
    const toInput = inputType?.transferTypeConverter;
    const input = toInput ? toInput.fromTransferType(call.input) : call.input;
    this.running = { call: { ...call, input }, letTimePass };
    let result: unknown;
    try {
      result = this.mock(input) as unknown;
    } finally {
      this.running = null;
    }
    const output = await result;
    const { transferTypeConverter } = outputType ?? {};
    return transferTypeConverter ? transferTypeConverter.toTransferType(output) : output;
  }

  private carryOut(running: RunningCall, { first, implementation }: Behaviour, args: unknown[]): unknown {
    if (hangs(implementation)) throw nexusOperationCannotHang(running.call.service, this.name);
    return (async () => {
      for (const step of first) if (step.kind === 'delay') await running.letTimePass(step.ms);
      return (await implementation(...args)) as unknown;
    })();
  }
}

export type LetTimePass = (ms: number) => Promise<void>;

interface RunningCall {
  call: NexusOperationCall;
  letTimePass: LetTimePass;
}
