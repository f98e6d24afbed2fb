import type { TestEnvironment } from './environment';

const KEY = Symbol.for('temporal-replay.open-environments');

/** The environments that this test file has open; the setup of the test runner looks after them. */
export function openEnvironments(): Set<TestEnvironment> {
  const holder = globalThis as { [KEY]?: Set<TestEnvironment> };
  return (holder[KEY] ??= new Set());
}
