/**
 * Names of the tests directly in the current `describe` that are not skipped or filtered out; null if the test runner does not
 * tell.
 */
export type TestsToRun = ReadonlySet<string> | null;

const KEY = Symbol.for('temporal-replay.tests-to-run');
type Holder = { [KEY]?: TestsToRun };

/** Sets the tests on the test file's global object. Used for jest, whose environment knows them and whose hooks do not. */
export function setTestsToRun(global: object, tests: TestsToRun): void {
  (global as Holder)[KEY] = tests;
}

/** Returns the tests that {@link setTestsToRun} has set. */
export const testsToRun = (): TestsToRun => (globalThis as Holder)[KEY] ?? null;
