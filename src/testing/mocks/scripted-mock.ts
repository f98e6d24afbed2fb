import { ApplicationFailure, type Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { AnyFunction } from './mock-function';
import { type RunnerMockFunction, mockFunctionFactory } from './mock-function-factory';

/** Something that a call does before its outcome. */
export type FirstStep = { kind: 'delay'; ms: number } | { kind: 'heartbeat'; details: unknown };

/** What one call of a mock does. */
export interface Behaviour {
  first: readonly FirstStep[];
  implementation: AnyFunction;
}

export interface ScriptedMockOptions {
  name: string;
  /** What it does unless the test says otherwise. */
  initial: AnyFunction;
  /** Attempt of the call that is under way, from 1. */
  attempt(): number;
  /** Carries out one call. */
  run(behaviour: Behaviour, args: unknown[]): unknown;
}

export interface ScriptedMock {
  mock: ScriptableMock;
  /** Whether the test has said what it does since it was made. */
  isScripted(): boolean;
  /** What the next call would do. */
  peek(): AnyFunction;
}

/** The methods of every mock, without the types of its function. */
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
  /** Of the next calls, one each. */
  once: AnyFunction[];
  always: AnyFunction | null;
  first: FirstStep[];
}

const emptyScript = (): Script => ({ once: [], always: null, first: [] });

/** Of an implementation: its outcomes by attempt. */
const BY_ATTEMPT = Symbol('temporal-replay.by-attempt');

/**
 * Makes a mock out of the test runner's mock function, so that its `expect` knows it. What the test tells the mock is kept
 * here and not in the runner's function: failures, delays and values are then one script.
 */
export function createScriptedMock(options: ScriptedMockOptions): ScriptedMock {
  const { name, initial, attempt, run } = options;
  let script = emptyScript();
  const next = (): AnyFunction => script.once[0] ?? script.always ?? initial;
  const follow = (...args: unknown[]): unknown => {
    const implementation = chosen(next(), attempt());
    script.once.shift();
    return run({ first: [...script.first], implementation }, args);
  };

  const base = mockFunctionFactory().fn(follow);
  const { mockClear, getMockImplementation, mockImplementation } = base as Partial<ScriptableMock>;
  /** A reset of all mocks by the runner, such as jest's `resetMocks`, takes the runner's implementation away. */
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

  const telling = (change: () => void): ScriptableMock => {
    // Before the change: what the test says after a reset holds.
    noticeReset();
    change();
    return mock;
  };
  const once = (implementation: AnyFunction) => telling(() => script.once.push(implementation));
  const always = (implementation: AnyFunction) => telling(() => (script.always = implementation));
  const reset = () =>
    telling(() => {
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
    mockClear: () => telling(() => mockClear?.()),
    mockReset: reset,
    mockRestore: reset,
    failTimes(times: number, error: unknown = onPurpose()) {
      for (let i = 0; i < times; i++) once(async () => raise(error));
      return mock;
    },
    byAttempt: (outcomes: readonly unknown[]) => always(byAttempt(name, outcomes)),
    delay: (duration: Duration) =>
      telling(() => script.first.push({ kind: 'delay', ms: msToNumber(duration) })),
    heartbeat: (details: unknown) => telling(() => script.first.push({ kind: 'heartbeat', details })),
  });
  return {
    mock,
    isScripted() {
      noticeReset();
      return script.always !== null || script.once.length > 0;
    },
    peek() {
      noticeReset();
      return chosen(next(), attempt());
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

/** An outcome is a function, an error to throw, or a value. */
export function implementationOf(outcome: unknown): AnyFunction {
  if (typeof outcome === 'function') return outcome as AnyFunction;
  return outcome instanceof Error ? async () => raise(outcome) : async () => outcome;
}

/** Attempts after the last outcome have the last one. */
function chosen(implementation: AnyFunction, attempt: number): AnyFunction {
  const outcomes = (implementation as { [BY_ATTEMPT]?: AnyFunction[] })[BY_ATTEMPT];
  return outcomes?.[Math.min(attempt, outcomes.length) - 1] ?? implementation;
}
