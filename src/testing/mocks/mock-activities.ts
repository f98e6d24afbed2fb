import { asyncLocalStorage, type Context, type Info } from '@temporalio/activity';
import type { Duration } from '@temporalio/common';
import type { RequestedActivityOptions } from '../worker/protocol';
import { activityNotMocked } from './activity-not-mocked';
import { hangIn, letTimePass } from '../time/activity-time';
import type { AnyFunction, Implementation, MockFunction } from './mock-function';
import { requestedOptionsOf } from './requested-options';
import { type Behaviour, createScriptedMock, type ScriptedMock } from './scripted-mock';

/** One attempt of an activity, as the test sees it. */
export interface ActivityCall<F extends AnyFunction = AnyFunction> {
  /** Activity type. */
  activity: string;
  args: Parameters<F>;
  /** From 1. */
  attempt: number;
  /** Of the activity's context. */
  info: Info;
  /** What the workflow asked for. */
  options: RequestedActivityOptions;
}

/** A mock of one activity: a mock function of the test runner, and what Temporal adds. */
export interface ActivityMock<F extends AnyFunction = AnyFunction> extends MockFunction<F> {
  /** The next `times` attempts fail, then it goes on with what it does else. @default error one that is tried again */
  failTimes(times: number, error?: Error): this;
  /** Each attempt runs until it is cancelled or times out, while workflow time passes. */
  hang(): this;
  /** Each attempt sends a heartbeat first. */
  heartbeat(details: unknown): this;
  /** Each attempt takes that long, in workflow time, before it goes on. */
  delay(duration: Duration): this;
  /** An outcome for each attempt of a call: a value, an error to throw, or a function. The last one is of all further attempts. */
  byAttempt(outcomes: readonly (Awaited<ReturnType<F>> | Error | Implementation<F>)[]): this;
  /** The attempts so far, in order, with what Temporal knows of each. */
  readonly temporalCalls: readonly ActivityCall<F>[];
}

type FunctionNames<A> = { [K in keyof A]: A[K] extends AnyFunction ? K : never }[keyof A] & string;

/** A mock for each activity of an interface; one that the test says nothing of fails when it is called. */
export type ActivityMocks<A> = {
  [K in FunctionNames<A>]: A[K] extends AnyFunction ? ActivityMock<A[K]> : never;
};

/** What the mocks do: a function of the activity's own type for each. */
export type ActivityImplementations<A> = {
  [K in FunctionNames<A>]?: A[K] extends AnyFunction ? Implementation<A[K]> : never;
};

export interface MockActivitiesOptions<A> {
  /** Functions for the activities that the test does not mock. */
  fallback?: Partial<A>;
}

/**
 * Mocks of a service's activities, for `createTestEnvironment({ activities })`:
 *
 *     const activities = mockActivities<typeof import('./activities')>({ chargeCard: async () => 'charge-1' });
 *     activities.ship.failTimes(2).mockResolvedValue('tracking-1');
 *
 * An activity that the test says nothing of fails with a failure that is not tried again and names it and its arguments.
 */
export function mockActivities<A extends object>(
  implementations: ActivityImplementations<A> = {},
  { fallback }: MockActivitiesOptions<A> = {},
): ActivityMocks<A> {
  const mocks = new ActivityMocksByName(
    implementations as Record<string, AnyFunction | undefined>,
    (fallback ?? {}) as Record<string, AnyFunction | undefined>,
  );
  return mocks.container as ActivityMocks<A>;
}

/** The attempts of all activities of `mocks`, in the order in which they began. */
export function callOrder(mocks: object): ActivityCall[] {
  return Object.values(mocks as Record<string, ActivityMock>)
    .flatMap((mock) => numberedCallsOf.get(mock)?.() ?? [])
    .sort((a, b) => a.place - b.place)
    .map(({ call }) => call);
}

interface NumberedCall {
  place: number;
  call: ActivityCall;
}

let calls = 0;
const numberedCallsOf = new WeakMap<ActivityMock, () => NumberedCall[]>();

/** Names that a value is asked for by the language and by test runners, to find out what it is. */
const PROBES = new Set(['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', 'default']);

class ActivityMocksByName {
  private readonly scripted = new Map<string, ScriptedMock>();
  /** Names that were given a function when the mocks were made. */
  private readonly given = new Set<string>();
  readonly container: object;

  constructor(
    implementations: Record<string, AnyFunction | undefined>,
    private readonly fallback: Record<string, AnyFunction | undefined>,
  ) {
    // The interface of the activities is a type alone: mocks of those that were not named are made when they are asked for.
    this.container = new Proxy({} as Record<string, ActivityMock>, {
      get: (target, name) => {
        if (typeof name === 'symbol' || name in target || isProbe(name))
          return Reflect.get(target, name) as unknown;
        return (target[name] = this.mock(name, null));
      },
    });
    for (const [name, implementation] of Object.entries(implementations))
      if (implementation) Object.assign(this.container, { [name]: this.mock(name, implementation) });
  }

  private mock(name: string, implementation: AnyFunction | null): ActivityMock {
    if (implementation) this.given.add(name);
    const fallback: unknown = this.fallback[name];
    const initial =
      implementation ??
      (typeof fallback === 'function'
        ? (fallback as AnyFunction)
        : (...args: unknown[]) => this.refuse(name, args));
    const log: NumberedCall[] = [];
    const scripted = createScriptedMock({
      ...{ name, initial },
      attempt: () => asyncLocalStorage.getStore()?.info.attempt ?? 1,
      run: (behaviour, args) => {
        const context = asyncLocalStorage.getStore();
        // Called by the test itself, as any function.
        if (!context) return behaviour.implementation(...args) as unknown;
        // A first call: the test runner has forgotten those before.
        if (scripted.mock.mock.calls.length <= 1) log.length = 0;
        log.push({ place: ++calls, call: callOf(name, context.info, args) });
        return carryOut(context, behaviour, args);
      },
    });
    this.scripted.set(name, scripted);
    const mock = scripted.mock as unknown as ActivityMock;
    const numbered = (): NumberedCall[] => (mock.mock.calls.length === 0 ? [] : log);
    Object.assign(mock, { hang: () => mock.mockImplementation(hang()) });
    Object.defineProperty(mock, 'temporalCalls', { get: () => numbered().map(({ call }) => call) });
    numberedCallsOf.set(mock, numbered);
    return mock;
  }

  private refuse(name: string, args: unknown[]): never {
    const mocked = [...this.scripted].filter(
      ([other, { isScripted }]) => this.given.has(other) || isScripted(),
    );
    const known = new Set([...mocked.map(([other]) => other), ...Object.keys(this.fallback)]);
    throw activityNotMocked(name, args, [...known]);
  }
}

const isProbe = (name: string): boolean => PROBES.has(name) || name.startsWith('@@__');

/** What an activity does that never ends by itself: it waits for its cancellation or its timeout. */
export function hang(): () => Promise<never> {
  return Object.assign(
    () => {
      const context = asyncLocalStorage.getStore();
      return context ? hangIn(context) : new Promise<never>(() => undefined);
    },
    { [HANGS]: true as const },
  );
}

const HANGS = Symbol.for('temporal-replay.hangs');
/** Whether an implementation is one of {@link hang}. */
export const hangs = (implementation: AnyFunction): boolean => HANGS in implementation;

const callOf = (activity: string, info: Info, args: unknown[]): ActivityCall => ({
  ...{ activity, args, attempt: info.attempt, info },
  options: requestedOptionsOf(info) ?? optionsOfInfo(info),
});

/** Outside of a test environment nobody asked for anything: the timeouts that hold are the best there is. */
const optionsOfInfo = (info: Info): RequestedActivityOptions => ({
  startToCloseTimeoutMs: info.startToCloseTimeoutMs || null,
  scheduleToCloseTimeoutMs: info.scheduleToCloseTimeoutMs || null,
  scheduleToStartTimeoutMs: null,
  heartbeatTimeoutMs: info.heartbeatTimeoutMs || null,
  ...{ retryPolicy: info.retryPolicy ?? null, taskQueue: info.taskQueue, isLocal: info.isLocal },
});

async function carryOut(
  context: Context,
  { first, implementation }: Behaviour,
  args: unknown[],
): Promise<unknown> {
  for (const step of first) {
    if (step.kind === 'heartbeat') context.heartbeat(step.details);
    else await letTimePass(context, step.ms);
  }
  return (await implementation(...args)) as unknown;
}
