import { asyncLocalStorage, type Context, type Info } from '@temporalio/activity';
import type { Duration } from '@temporalio/common';
import type { RequestedActivityOptions } from '../worker/protocol';
import { activityFunction, activityNames } from '../activities/activity-functions';
import { activityNotMocked } from './activity-not-mocked';
import { hangIn, letTimePass } from '../time/activity-time';
import type { AnyFunction, Implementation, MockFunction } from './mock-function';
import { requestedOptionsOf } from './requested-options';
import { type Behaviour, createScriptedMock, type ScriptedMock } from './scripted-mock';

/** One attempt of an activity. */
export interface ActivityCall<F extends AnyFunction = AnyFunction> {
  /** Activity type. */
  activity: string;
  args: Parameters<F>;
  /** Number of the attempt, from 1. */
  attempt: number;
  /** The `info` of the activity's context. */
  info: Info;
  /** Options that the workflow called the activity with. */
  options: RequestedActivityOptions;
}

/** A mock of one activity: a mock function of the test runner, with methods for what Temporal adds. */
export interface ActivityMock<F extends AnyFunction = AnyFunction> extends MockFunction<F> {
  /**
   * Makes the next `times` attempts fail, then falls back to the mock's normal behaviour.
   *
   * @param error @default a retryable ApplicationFailure of type `FailedOnPurpose`
   */
  failTimes(times: number, error?: Error): this;
  /** Makes each attempt run until it is cancelled or times out, while workflow time passes. */
  hang(): this;
  /** Makes each attempt send a heartbeat first. */
  heartbeat(details: unknown): this;
  /** Makes each attempt take this long, in workflow time, before its outcome. */
  delay(duration: Duration): this;
  /** Sets an outcome for each attempt of a call: a value, an error to throw, or a function. The last outcome repeats. */
  byAttempt(outcomes: readonly (Awaited<ReturnType<F>> | Error | Implementation<F>)[]): this;
  /** The attempts so far, in order, with their Temporal details. */
  readonly temporalCalls: readonly ActivityCall<F>[];
}

type FunctionNames<A> = { [K in keyof A]: A[K] extends AnyFunction ? K : never }[keyof A] & string;

/** A mock for each activity of an interface. An activity without an implementation fails when it is called. */
export type ActivityMocks<A> = {
  [K in FunctionNames<A>]: A[K] extends AnyFunction ? ActivityMock<A[K]> : never;
};

/** Implementations of the mocks: a function of the activity's own type for each. */
export type ActivityImplementations<A> = {
  [K in FunctionNames<A>]?: A[K] extends AnyFunction ? Implementation<A[K]> : never;
};

export interface MockActivitiesOptions<A> {
  /** Implementations of the activities that the test does not mock, such as the real ones. */
  fallback?: Partial<A>;
}

/**
 * Mocks a service's activities, for `createTestEnvironment({ activities })`:
 *
 *     const activities = mockActivities<typeof import('./activities')>({ chargeCard: async () => 'charge-1' });
 *     activities.ship.failTimes(2).mockResolvedValue('tracking-1');
 *
 * An activity without an implementation fails with a non-retryable failure that names the activity and its arguments.
 */
export function mockActivities<A extends object>(
  implementations: ActivityImplementations<A> = {},
  { fallback }: MockActivitiesOptions<A> = {},
): ActivityMocks<A> {
  const mocks = new ActivityMocksByName(
    implementations as Record<string, AnyFunction | undefined>,
    fallback ?? {},
  );
  return mocks.container as ActivityMocks<A>;
}

/** Returns the attempts of all activities of `mocks`, in the order in which they began. */
export function callOrder(mocks: object): ActivityCall[] {
  return Object.values(mocks as Record<string, ActivityMock>)
    .flatMap((mock) => recordedCallsOf.get(mock)?.() ?? [])
    .sort((a, b) => a.place - b.place)
    .map(({ call }) => call);
}

interface RecordedCall {
  /** Position among the calls of all mocks. */
  place: number;
  call: ActivityCall;
  context: Context;
}

let calls = 0;
const recordedCallsOf = new WeakMap<ActivityMock, () => readonly RecordedCall[]>();

/** Properties that the language and test runners read to find out what a value is. */
const PROBES = new Set(['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', 'default']);

class ActivityMocksByName {
  private readonly scripted = new Map<string, ScriptedMock<RecordedCall>>();
  /** Names that `mockActivities` was given an implementation for. */
  private readonly given = new Set<string>();
  readonly container: object;

  constructor(
    implementations: Record<string, AnyFunction | undefined>,
    private readonly fallback: object,
  ) {
    // The interface of the activities is only a type, so a mock without an implementation is made when it is first read.
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
    const initial =
      implementation ??
      activityFunction(this.fallback, name) ??
      ((...args: unknown[]) => this.refuse(name, args));
    const scripted = createScriptedMock<RecordedCall>({
      ...{ name, initial },
      attempt: () => asyncLocalStorage.getStore()?.info.attempt ?? 1,
      record: (_, args) => {
        const context = asyncLocalStorage.getStore();
        return context ? { place: ++calls, call: callOf(name, context.info, args), context } : null;
      },
      run: ({ context }, behaviour, args) => carryOut(context, behaviour, args),
      toPublicCall: ({ call }) => call,
    });
    this.scripted.set(name, scripted);
    const mock = scripted.mock as unknown as ActivityMock;
    Object.assign(mock, { hang: () => mock.mockImplementation(hang()) });
    recordedCallsOf.set(mock, scripted.calls);
    return mock;
  }

  private refuse(name: string, args: unknown[]): never {
    const mocked = [...this.scripted].filter(
      ([other, { isScripted }]) => this.given.has(other) || isScripted(),
    );
    const known = new Set([...mocked.map(([other]) => other), ...activityNames(this.fallback)]);
    throw activityNotMocked(name, args, [...known]);
  }
}

const isProbe = (name: string): boolean => PROBES.has(name) || name.startsWith('@@__');

/** Returns an implementation that never ends by itself: it waits for the cancellation or the timeout. */
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
/** Returns true if an implementation was returned by {@link hang}. */
export const hangs = (implementation: AnyFunction): boolean => HANGS in implementation;

const callOf = (activity: string, info: Info, args: unknown[]): ActivityCall => ({
  ...{ activity, args, attempt: info.attempt, info },
  options: requestedOptionsOf(info) ?? optionsOfInfo(info),
});

/** Returns the timeouts in effect, for calls outside of a test environment, where no workflow has requested any. */
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
