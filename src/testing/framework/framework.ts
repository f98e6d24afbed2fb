import { TemporalReplayError } from '../../errors';
import type { SelectedTests } from './selected-tests';

/** The test framework that runs this file, as its setup file has registered it. */
export interface TestFramework {
  name: 'jest' | 'vitest';
  /** `jest.fn` or `vi.fn`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  fn: (...args: any[]) => any;
  describe(name: string, register: () => void): void;
  test(name: string, run: () => Promise<void> | void, timeoutMs?: number): void;
  beforeAll(run: (selected: SelectedTests) => Promise<void>, timeoutMs?: number): void;
  expect: { getState(): ExpectState };
}

/** What both frameworks keep of the test that runs; `snapshotState` is theirs alone, so it is read with care. */
export interface ExpectState {
  currentTestName?: string;
  testPath?: string | null;
  snapshotState?: { _updateSnapshot?: string };
}

const KEY = Symbol.for('temporal-replay.test-framework');
type Holder = { [KEY]?: RegisteredFramework };

/** At least its mock functions; a setup of ours registers all of it. */
export type RegisteredFramework = Pick<TestFramework, 'fn'> &
  Partial<Omit<TestFramework, 'name'>> & { name: string };

export function registerFramework(framework: RegisteredFramework): void {
  (globalThis as Holder)[KEY] = framework;
}

export const registeredFramework = (): RegisteredFramework | undefined => (globalThis as Holder)[KEY];

/** The registered one, or the functions that a test framework without our setup has put on `globalThis`. */
export function testFramework(): TestFramework {
  const registered = registeredFramework();
  if (registered?.describe) return registered as TestFramework;
  const found = globalThis as unknown as Partial<TestFramework>;
  const { describe, test, beforeAll, expect } = found;
  if (describe && test && beforeAll && expect)
    return {
      ...(found as TestFramework),
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
