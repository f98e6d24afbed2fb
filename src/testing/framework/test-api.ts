import { TemporalReplayError } from '../../errors';
import type { TestsToRun } from './tests-to-run';

/** The test framework that runs this file, as its setup file has registered it. */
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

/** What both frameworks keep of the test that runs; `snapshotState` is theirs alone, so it is read with care. */
export interface ExpectState {
  currentTestName?: string;
  testPath?: string | null;
  snapshotState?: { _updateSnapshot?: string };
}

const KEY = Symbol.for('temporal-replay.test-api');
type Holder = { [KEY]?: RegisteredTestApi };

/** At least its mock functions; a setup of ours registers all of it. */
export type RegisteredTestApi = Pick<TestApi, 'fn'> & Partial<Omit<TestApi, 'name'>> & { name: string };

export function registerTestApi(framework: RegisteredTestApi): void {
  (globalThis as Holder)[KEY] = framework;
}

export const registeredTestApi = (): RegisteredTestApi | undefined => (globalThis as Holder)[KEY];

/** The registered one, or the functions that a test framework without our setup has put on `globalThis`. */
export function testApi(): TestApi {
  const registered = registeredTestApi();
  if (registered?.describe) return registered as TestApi;
  const found = globalThis as unknown as Partial<TestApi>;
  const { describe, test, beforeAll, expect } = found;
  if (describe && test && beforeAll && expect)
    return {
      ...(found as TestApi),
      fn: registered?.fn ?? notThere,
      // A hook that takes an argument is one that jest waits for to call it back.
      beforeAll: (run, timeoutMs) => beforeAll(() => run(null), timeoutMs),
    };
  throw new TemporalReplayError('USAGE', 'This works inside of a jest or vitest test file only.', {
    hint: "Set preset: 'temporal-replay' in jest.config, or add the plugin of temporal-replay/vitest.",
  });
}

const notThere = (): never => {
  throw new Error('there is no jest.fn here');
};
