import type { Duration } from '@temporalio/common';
import type { AnyFunction, Implementation, MockFunction } from './mock-function';
import { hang, hangs } from './mock-activities';
import type { ReceivedSignal } from './received-signals';
import { type Behaviour, createScriptedMock, implementationOf, type ScriptedMock } from './scripted-mock';

/** One run of a mocked workflow. */
export interface ChildWorkflowCall<F extends AnyFunction = AnyFunction> {
  workflowType: string;
  workflowId: string;
  args: Parameters<F>;
  /** Number of the attempt by the child's own retry policy, from 1. */
  attempt: number;
}

/** A mock of one workflow: a mock function of the test runner, with methods for what Temporal adds. */
export interface ChildWorkflowMock<F extends AnyFunction = AnyFunction> extends MockFunction<F> {
  /**
   * Makes the next `times` runs fail, then falls back to the mock's normal behaviour.
   *
   * @param error @default a retryable ApplicationFailure of type `FailedOnPurpose`
   */
  failTimes(times: number, error?: Error): this;
  /** Makes each run stay open until it is cancelled or times out. */
  hang(): this;
  /** Makes each run take this long, in workflow time. */
  delay(duration: Duration): this;
  /** Sets an outcome for each attempt of a run: a value, an error to throw, or a function. The last outcome repeats. */
  byAttempt(outcomes: readonly (Awaited<ReturnType<F>> | Error | Implementation<F>)[]): this;
  /** Makes each start fail for the parent, as if a run with the same workflow id were open. */
  neverStart(): this;
  /** The runs so far, in the order in which their parents started them. */
  readonly temporalCalls: readonly ChildWorkflowCall<F>[];
  /** Returns the signals that the runs have received so far. */
  signals(): Promise<ReceivedSignal[]>;
  /** Returns the workflow ids of the runs that were requested to cancel. */
  cancelRequests(): Promise<string[]>;
}

export type ChildWorkflowMocks<W> = {
  [K in keyof W as W[K] extends AnyFunction ? K : never]: W[K] extends AnyFunction
    ? ChildWorkflowMock<W[K]>
    : never;
};

/** Implementations of the mocks: a function of the workflow's own type, a value to return, or an error to throw. */
export type ChildWorkflowImplementations<W> = {
  [K in keyof W as W[K] extends AnyFunction ? K : never]?: W[K] extends AnyFunction
    ? Implementation<W[K]> | Awaited<ReturnType<W[K]>> | Error
    : never;
};

export interface MockChildWorkflowsOptions {
  /** Task queues of other services on which the mocked workflows are started. */
  taskQueue?: string | readonly string[];
}

/**
 * Mocks workflows by type, for `createTestEnvironment({ childWorkflows })`. The parent sees a real child workflow with a real
 * history. A type need not exist in the service's own code. It is mocked in the whole environment, also for `env.start`.
 *
 *     const childWorkflows = mockChildWorkflows<typeof workflows>({ shipOrder: async ({ id }) => `tracking of ${id}` });
 */
export function mockChildWorkflows<W extends object = Record<string, AnyFunction>>(
  implementations: ChildWorkflowImplementations<W> = {},
  { taskQueue = [] }: MockChildWorkflowsOptions = {},
): ChildWorkflowMocks<W> {
  const byType = new Map(
    Object.entries(implementations).map(([type, outcome]) => [type, new MockedWorkflow(type, outcome)]),
  );
  const mocks = Object.fromEntries([...byType].map(([type, { mock }]) => [type, mock]));
  definitions.set(mocks, { byType, taskQueues: typeof taskQueue === 'string' ? [taskQueue] : taskQueue });
  return mocks as ChildWorkflowMocks<W>;
}

export interface MockedWorkflows {
  byType: ReadonlyMap<string, MockedWorkflow>;
  taskQueues: readonly string[];
}

const definitions = new WeakMap<object, MockedWorkflows>();

/** @throws TypeError if the value was not returned by {@link mockChildWorkflows} */
export function mockedWorkflowsOf(mocks: object | undefined): MockedWorkflows {
  if (mocks === undefined) return { byType: new Map(), taskQueues: [] };
  const found = definitions.get(mocks);
  if (!found)
    throw new TypeError('The option childWorkflows takes a value that mockChildWorkflows(…) has returned.');
  return found;
}

/** A run that a parent has started. Its first steps are known at once; `outcome` computes its outcome when they are over. */
export interface StartedRun {
  call: ChildWorkflowCall;
  delayMs: number;
  hangs: boolean;
  neverStarts: boolean;
  outcome(): Promise<unknown>;
  /** Settles as the outcome does. */
  result: Promise<unknown>;
  /** Run ids of this run and of those that it continued as. */
  runIds: Set<string>;
}

/** The mock of one workflow type, as the environment runs it. */
export class MockedWorkflow {
  readonly mock: ChildWorkflowMock;
  private readonly scripted: ScriptedMock<StartedRun>;
  private starting: ChildWorkflowCall | null = null;
  private reader: HistoryReader | null = null;

  constructor(
    private readonly workflowType: string,
    outcome: unknown,
  ) {
    this.scripted = createScriptedMock({
      name: workflowType,
      initial: implementationOf(outcome),
      attempt: () => this.starting?.attempt ?? 1,
      record: (behaviour, args) => this.starting && startedRun(this.starting, behaviour, args),
      run: ({ result }) => result,
      toPublicCall: ({ call }) => call,
    });
    this.mock = this.scripted.mock as unknown as ChildWorkflowMock;
    Object.assign(this.mock, {
      hang: () => this.mock.mockImplementation(hang()),
      neverStart: () => this.mock.mockImplementation(NEVER_STARTS),
      signals: () => this.read(({ signals }, run) => signals(run)),
      cancelRequests: async () => [
        ...new Set(await this.read(({ cancelRequests }, run) => cancelRequests(run))),
      ],
    });
  }

  /** Sets the reader of the environment that runs the mock. */
  attach(reader: HistoryReader): void {
    this.reader = reader;
  }

  start(workflowId: string, args: unknown[], attempt: number): StartedRun {
    this.starting = { workflowType: this.workflowType, workflowId, args, attempt };
    try {
      void this.mock(...args);
      return this.scripted.calls().at(-1)!;
    } finally {
      this.starting = null;
    }
  }

  private async read<T>(get: (reader: HistoryReader, run: StartedRun) => Promise<T[]>): Promise<T[]> {
    const { reader } = this;
    if (!reader) return [];
    const started = this.scripted.calls().filter(({ neverStarts }) => !neverStarts);
    return (await Promise.all(started.map((run) => get(reader, run)))).flat();
  }
}

/** Reads the history of a run. */
export interface HistoryReader {
  signals(run: StartedRun): Promise<ReceivedSignal[]>;
  cancelRequests(run: StartedRun): Promise<string[]>;
}

function startedRun(
  call: ChildWorkflowCall,
  { first, implementation }: Behaviour,
  args: unknown[],
): StartedRun {
  let settle: (outcome: Promise<unknown>) => void = () => undefined;
  const result = new Promise<unknown>((done) => (settle = done));
  result.catch(() => undefined);
  return {
    call,
    delayMs: first.reduce((sum, step) => sum + (step.kind === 'delay' ? step.ms : 0), 0),
    hangs: hangs(implementation),
    neverStarts: implementation === NEVER_STARTS,
    outcome() {
      settle((async () => (await implementation(...args)) as unknown)());
      return result;
    },
    result,
    runIds: new Set(),
  };
}

const NEVER_STARTS: AnyFunction = () => {
  throw new Error('A mock that never starts was called.');
};
