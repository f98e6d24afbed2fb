import type { Duration } from '@temporalio/common';
import type { AnyFunction, Implementation, MockFunction } from './mock-function';
import { hang, hangs } from './mock-activities';
import type { ReceivedSignal } from './received-signals';
import { type Behaviour, createScriptedMock, implementationOf, type ScriptedMock } from './scripted-mock';

/** A run of a mocked workflow, as the test sees it. */
export interface ChildWorkflowCall<F extends AnyFunction = AnyFunction> {
  workflowType: string;
  workflowId: string;
  args: Parameters<F>;
  /** From 1, by the child's own retry policy. */
  attempt: number;
}

/** A mock of one workflow: a mock function of the test runner, and what Temporal adds. */
export interface ChildWorkflowMock<F extends AnyFunction = AnyFunction> extends MockFunction<F> {
  /** The next `times` runs fail, then it goes on with what it does else. */
  failTimes(times: number, error?: Error): this;
  /** Each run goes on until it is cancelled or times out. */
  hang(): this;
  /** Each run takes that long, in workflow time. */
  delay(duration: Duration): this;
  /** An outcome for each attempt of a run: a value, an error to throw, or a function. */
  byAttempt(outcomes: readonly (Awaited<ReturnType<F>> | Error | Implementation<F>)[]): this;
  /** Each start fails for the workflow that asks for it, as where a run with this workflow id is open already. */
  neverStart(): this;
  /** The runs so far, in the order in which their parents started them. */
  readonly temporalCalls: readonly ChildWorkflowCall<F>[];
  /** The signals that its runs have received so far. */
  signals(): Promise<ReceivedSignal[]>;
  /** Workflow ids of the runs whose cancellation was asked for. */
  cancelRequests(): Promise<string[]>;
}

export type ChildWorkflowMocks<W> = {
  [K in keyof W as W[K] extends AnyFunction ? K : never]: W[K] extends AnyFunction
    ? ChildWorkflowMock<W[K]>
    : never;
};

/** What the mocks do: a function of the workflow's own type, a value, or an error to fail with. */
export type ChildWorkflowImplementations<W> = {
  [K in keyof W as W[K] extends AnyFunction ? K : never]?: W[K] extends AnyFunction
    ? Implementation<W[K]> | Awaited<ReturnType<W[K]>> | Error
    : never;
};

export interface MockChildWorkflowsOptions {
  /** Queues of other services that the mocked workflows are started on. */
  taskQueue?: string | readonly string[];
}

/**
 * Mocks of workflows by type, for `createTestEnvironment({ childWorkflows })`. Who starts one sees a real child with a real
 * history. Types that the service's own code lacks may be mocked too. A type that is mocked is so for the whole environment.
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

/** @throws TypeError where it is not what {@link mockChildWorkflows} returned */
export function mockedWorkflowsOf(mocks: object | undefined): MockedWorkflows {
  if (mocks === undefined) return { byType: new Map(), taskQueues: [] };
  const found = definitions.get(mocks);
  if (!found) throw new TypeError('childWorkflows must be what mockChildWorkflows(…) returned, itself.');
  return found;
}

/** A run that was asked for: what it does first is known at once, its outcome is made when it is time. */
export interface StartedRun {
  call: ChildWorkflowCall;
  delayMs: number;
  hangs: boolean;
  neverStarts: boolean;
  outcome(): Promise<unknown>;
  /** Of this run and of what it continued as. */
  runIds: Set<string>;
}

/** What an environment does with the mock of one workflow type. */
export class MockedWorkflow {
  readonly mock: ChildWorkflowMock;
  private readonly scripted: ScriptedMock;
  private runs: StartedRun[] = [];
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
      run: (behaviour, args) => this.run(behaviour, args),
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
    Object.defineProperty(this.mock, 'temporalCalls', { get: () => this.seen().map(({ call }) => call) });
  }

  /** The environment that runs it. */
  attach(reader: HistoryReader): void {
    this.reader = reader;
  }

  start(workflowId: string, args: unknown[], attempt: number): StartedRun {
    this.starting = { workflowType: this.workflowType, workflowId, args, attempt };
    try {
      void this.mock(...args);
      return this.runs.at(-1)!;
    } finally {
      this.starting = null;
    }
  }

  private run({ first, implementation }: Behaviour, args: unknown[]): unknown {
    const call = this.starting;
    // Called by the test itself, as any function.
    if (!call) return implementation(...args) as unknown;
    // A first call: the test runner has forgotten those before.
    if (this.mock.mock.calls.length <= 1) this.runs = [];
    let settle: (outcome: Promise<unknown>) => void = () => undefined;
    const result = new Promise<unknown>((done) => (settle = done));
    result.catch(() => undefined);
    this.runs.push({
      call,
      delayMs: first.reduce((sum, step) => sum + (step.kind === 'delay' ? step.ms : 0), 0),
      hangs: hangs(implementation),
      neverStarts: implementation === NEVER_STARTS,
      outcome() {
        settle((async () => (await implementation(...args)) as unknown)());
        return result;
      },
      runIds: new Set(),
    });
    return result;
  }

  private seen(): readonly StartedRun[] {
    return this.mock.mock.calls.length === 0 ? [] : this.runs;
  }

  private async read<T>(get: (reader: HistoryReader, run: StartedRun) => Promise<T[]>): Promise<T[]> {
    const { reader } = this;
    if (!reader) return [];
    const started = this.seen().filter(({ neverStarts }) => !neverStarts);
    return (await Promise.all(started.map((run) => get(reader, run)))).flat();
  }
}

/** Reads what the server has recorded of a run. */
export interface HistoryReader {
  signals(run: StartedRun): Promise<ReceivedSignal[]>;
  cancelRequests(run: StartedRun): Promise<string[]>;
}

const NEVER_STARTS: AnyFunction = () => {
  throw new Error('A workflow that never starts was called.');
};
