import { TemporalReplayError } from '../../errors';
import type { TestsToRun } from './tests-to-run';

/** The functions of a test runner with which a file declares tests. */
export interface TestApi {
  name: 'jest' | 'vitest';
  /** `jest.fn` or `vi.fn`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  fn: (...args: any[]) => any;
  describe(name: string, register: () => void): void;
  test(name: string, run: () => Promise<void> | void, timeoutMs?: number): void;
  beforeAll(run: (selected: TestsToRun) => Promise<void>, timeoutMs?: number): void;
  expect: { getState(): ExpectState };
}

/** State of the running test that jest and vitest have in common. `snapshotState` is not public, and other runners have none. */
export interface ExpectState {
  currentTestName?: string;
  testPath?: string | null;
  snapshotState?: { _updateSnapshot?: string };
}

const KEY = Symbol.for('temporal-replay.test-api');
type Holder = { [KEY]?: RegisteredTestApi };

/** A registered test runner: all functions by our setup files, only `fn` by `registerTestFramework`. */
export type RegisteredTestApi = Pick<TestApi, 'fn'> & Partial<Omit<TestApi, 'name'>> & { name: string };

/** Registers the test runner that runs this file. */
export function registerTestApi(framework: RegisteredTestApi): void {
  (globalThis as Holder)[KEY] = framework;
}

/** Returns the registered test runner; undefined if there is none. */
export const registeredTestApi = (): RegisteredTestApi | undefined => (globalThis as Holder)[KEY];

/** Returns the registered functions, or the globals of a test runner without our setup file. @throws USAGE outside of tests */
export function testApi(): TestApi {
  const registered = registeredTestApi();
  if (registered?.describe) return registered as TestApi;
  const found = globalThis as unknown as Partial<TestApi>;
  const { describe, test, beforeAll, expect } = found;
  if (describe && test && beforeAll && expect)
    return {
      ...(found as TestApi),
      fn: registered?.fn ?? noMockFunctions,
      // The hook must declare no parameter: jest takes one for a callback to wait for.
      beforeAll: (run, timeoutMs) => beforeAll(() => run(null), timeoutMs),
    };
  throw new TemporalReplayError('USAGE', 'This function works only in a jest or vitest test file.', {
    hint: "Set preset: 'temporal-replay' in jest.config, or add the plugin of temporal-replay/vitest.",
  });
}

const noMockFunctions = (): never => {
  throw new Error('The test runner has no mock functions.');
};
