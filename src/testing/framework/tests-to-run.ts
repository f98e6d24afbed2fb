/**
 * Names of the tests directly in the `describe` that begins to run, as far as they are going to run; null where the test
 * runner does not say.
 */
export type TestsToRun = ReadonlySet<string> | null;

const KEY = Symbol.for('temporal-replay.tests-to-run');
type Holder = { [KEY]?: TestsToRun };

/** For jest, whose hooks are not told: its environment, which is, leaves word on the global object of the test file. */
export function setTestsToRun(global: object, tests: TestsToRun): void {
  (global as Holder)[KEY] = tests;
}

export const testsToRun = (): TestsToRun => (globalThis as Holder)[KEY] ?? null;
