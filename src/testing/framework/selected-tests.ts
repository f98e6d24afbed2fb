/**
 * Names of the tests directly in the `describe` that begins to run, as far as they are going to run; null where the test
 * runner does not say.
 */
export type SelectedTests = ReadonlySet<string> | null;

const KEY = Symbol.for('temporal-replay.selected-tests');
type Holder = { [KEY]?: SelectedTests };

/** For jest, whose hooks are not told: its environment, which is, leaves word on the global object of the test file. */
export function setSelectedTests(global: object, tests: SelectedTests): void {
  (global as Holder)[KEY] = tests;
}

export const selectedTests = (): SelectedTests => (globalThis as Holder)[KEY] ?? null;
