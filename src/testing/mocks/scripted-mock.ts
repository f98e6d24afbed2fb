import { ApplicationFailure, type Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { AnyFunction } from './mock-function';
import { type RunnerMockFunction, mockFunctionFactory } from './mock-function-factory';

/** A step that a call takes before its outcome. */
export type FirstStep = { kind: 'delay'; ms: number } | { kind: 'heartbeat'; details: unknown };

/** The steps and the outcome of one call of a mock. */
export interface Behaviour {
  first: readonly FirstStep[];
  implementation: AnyFunction;
}

/**
 * The parts in which kinds of mocks (activities, child workflows, Nexus operations) differ. `Call` is the kind's record of a
 * call that Temporal makes.
 */
export interface MockKind<Call> {
  name: string;
  /** Implementation until the test sets another one. */
  initial: AnyFunction;
  /** Returns the attempt of the current call, from 1. */
  attempt(): number;
  /** Returns a record of the current call; null if the test itself calls the mock function. */
  record(behaviour: Behaviour, args: unknown[]): Call | null;
  /** Carries out a recorded call. */
  run(call: Call, behaviour: Behaviour, args: unknown[]): unknown;
  /** Returns a call as `temporalCalls` shows it. */
  toPublicCall(call: Call): unknown;
}

export interface ScriptedMock<Call = unknown> {
  mock: ScriptableMock;
  /** Calls that Temporal has made since the test runner last cleared the mock, in order. */
  calls(): readonly Call[];
  /** Returns true if the test has set an implementation since the mock was made or reset. */
  isScripted(): boolean;
}

/** The methods of all mocks, without the types of the mocked function. */
export interface ScriptableMock extends RunnerMockFunction {
  mockImplementation(implementation: AnyFunction): ScriptableMock;
  mockImplementationOnce(implementation: AnyFunction): ScriptableMock;
  mockReturnValue(value: unknown): ScriptableMock;
  mockReturnValueOnce(value: unknown): ScriptableMock;
  mockResolvedValue(value: unknown): ScriptableMock;
  mockResolvedValueOnce(value: unknown): ScriptableMock;
  mockRejectedValue(error: unknown): ScriptableMock;
  mockRejectedValueOnce(error: unknown): ScriptableMock;
  mockClear(): ScriptableMock;
  mockReset(): ScriptableMock;
  mockRestore(): ScriptableMock;
  failTimes(times: number, error?: unknown): ScriptableMock;
  byAttempt(outcomes: readonly unknown[]): ScriptableMock;
  delay(duration: Duration): ScriptableMock;
  heartbeat(details: unknown): ScriptableMock;
}

interface Script {
  /** Implementations of the next calls, one for each. */
  once: AnyFunction[];
  always: AnyFunction | null;
  first: FirstStep[];
}

const emptyScript = (): Script => ({ once: [], always: null, first: [] });

/** Property of an implementation with its outcomes by attempt. */
const BY_ATTEMPT = Symbol('temporal-replay.by-attempt');

/**
 * Makes a mock of one kind from the test runner's mock function, so that the runner's `expect` accepts it. The script (values,
 * failures, delays) is kept here and not in the runner's function, because it has steps that the runner does not have.
 */
export function createScriptedMock<Call>(kind: MockKind<Call>): ScriptedMock<Call> {
  const { name, initial, attempt } = kind;
  let script = emptyScript();
  let log: Call[] = [];
  const next = (): AnyFunction => script.once[0] ?? script.always ?? initial;
  const follow = (...args: unknown[]): unknown => {
    const implementation = chosen(next(), attempt());
    script.once.shift();
    const behaviour = { first: [...script.first], implementation };
    const call = kind.record(behaviour, args);
    if (call === null) return implementation(...args) as unknown;
    // The runner counts one call: it has cleared the earlier ones.
    if (mock.mock.calls.length <= 1) log = [];
    log.push(call);
    return kind.run(call, behaviour, args);
  };
  const calls = (): readonly Call[] => (mock.mock.calls.length === 0 ? [] : log);

  const base = mockFunctionFactory().fn(follow);
  const { mockClear, getMockImplementation, mockImplementation } = base as Partial<ScriptableMock>;
  /** Clears the script if the runner has reset all mocks, as jest's `resetMocks` does: that removes `follow`. */
  const noticeReset = (): void => {
    if (!getMockImplementation || getMockImplementation() === follow) return;
    script = emptyScript();
    mockImplementation?.(follow);
  };
  const mock = new Proxy(base, {
    apply(target, self, args: unknown[]) {
      noticeReset();
      return Reflect.apply(target, self, args) as unknown;
    },
  }) as ScriptableMock;

  const changing = (change: () => void): ScriptableMock => {
    // Comes first, so that a change after a reset is kept.
    noticeReset();
    change();
    return mock;
  };
  const once = (implementation: AnyFunction) => changing(() => script.once.push(implementation));
  const always = (implementation: AnyFunction) => changing(() => (script.always = implementation));
  const reset = () =>
    changing(() => {
      mockClear?.();
      script = emptyScript();
    });
  const onPurpose = () => ApplicationFailure.retryable(`${name} failed on purpose.`, 'FailedOnPurpose');
  Object.assign(base, {
    mockImplementation: always,
    mockImplementationOnce: once,
    mockReturnValue: (value: unknown) => always(() => value),
    mockReturnValueOnce: (value: unknown) => once(() => value),
    mockResolvedValue: (value: unknown) => always(async () => value),
    mockResolvedValueOnce: (value: unknown) => once(async () => value),
    mockRejectedValue: (error: unknown) => always(async () => raise(error)),
    mockRejectedValueOnce: (error: unknown) => once(async () => raise(error)),
    mockClear: () => changing(() => mockClear?.()),
    mockReset: reset,
    mockRestore: reset,
    failTimes(times: number, error: unknown = onPurpose()) {
      for (let i = 0; i < times; i++) once(async () => raise(error));
      return mock;
    },
    byAttempt: (outcomes: readonly unknown[]) => always(byAttempt(name, outcomes)),
    delay: (duration: Duration) =>
      changing(() => script.first.push({ kind: 'delay', ms: msToNumber(duration) })),
    heartbeat: (details: unknown) => changing(() => script.first.push({ kind: 'heartbeat', details })),
  });
  Object.defineProperty(base, 'temporalCalls', { get: () => calls().map(kind.toPublicCall) });
  return {
    mock,
    calls,
    isScripted() {
      noticeReset();
      return script.always !== null || script.once.length > 0;
    },
  };
}

function raise(error: unknown): never {
  throw error;
}

function byAttempt(name: string, outcomes: readonly unknown[]): AnyFunction {
  if (outcomes.length === 0) throw new TypeError(`${name}.byAttempt needs an outcome for the first attempt.`);
  const implementations = outcomes.map(implementationOf);
  return Object.assign((...args: unknown[]) => implementations[0]!(...args) as unknown, {
    [BY_ATTEMPT]: implementations,
  });
}

/** Returns a function for an outcome: a function itself, an error to throw, or a value to return. */
export function implementationOf(outcome: unknown): AnyFunction {
  if (typeof outcome === 'function') return outcome as AnyFunction;
  return outcome instanceof Error ? async () => raise(outcome) : async () => outcome;
}

/** Returns the implementation for an attempt; the last outcome repeats. */
function chosen(implementation: AnyFunction, attempt: number): AnyFunction {
  const outcomes = (implementation as { [BY_ATTEMPT]?: AnyFunction[] })[BY_ATTEMPT];
  return outcomes?.[Math.min(attempt, outcomes.length) - 1] ?? implementation;
}
