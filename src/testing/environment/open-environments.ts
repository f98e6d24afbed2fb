import type { TestEnvironment } from './environment';

const OPEN = Symbol.for('temporal-replay.open-environments');
const CLOSING = Symbol.for('temporal-replay.environment-closing');

type ClosingListener = (environment: TestEnvironment) => Promise<void>;
const holder = globalThis as { [OPEN]?: Set<TestEnvironment>; [CLOSING]?: ClosingListener };

/** The environments that this test file has open; the setup of the test runner looks after them. */
export function openEnvironments(): Set<TestEnvironment> {
  return (holder[OPEN] ??= new Set());
}

/** Sets what is done before an environment ends; the setup of the test runner is the one who does. */
export function onEnvironmentClosing(listener: ClosingListener): void {
  holder[CLOSING] = listener;
}

/** @throws what the listener throws */
export async function environmentClosing(environment: TestEnvironment): Promise<void> {
  await holder[CLOSING]?.(environment);
}
