import { registeredTestApi, registerTestApi } from '../framework/test-api';
import { type AnyFunction, createMockFunction, type MockState } from './mock-function';

/** A mock function of any test runner. */
export type RunnerMockFunction = AnyFunction & {
  mock: MockState<AnyFunction>;
  mockClear?: () => unknown;
  getMockImplementation?: () => AnyFunction | undefined;
};

/** The part of a test runner that mocks need. */
export interface TestFramework {
  name: string;
  /** Creates a mock function, as `jest.fn` does. */
  fn(implementation: AnyFunction): RunnerMockFunction;
}

/** Registers the test runner whose mock functions are used, so that its `expect` accepts them. */
export function registerTestFramework(framework: TestFramework): void {
  registerTestApi(framework);
}

// Jest passes it to each module, and does not set it on the global object.
declare const jest: { fn?: TestFramework['fn'] } | undefined;

/** Returns the registered test runner, jest if it runs this module, or our own mock functions. */
export function mockFunctionFactory(): TestFramework {
  const registered = registeredTestApi();
  if (registered) return registered as TestFramework;
  const fn = typeof jest === 'undefined' ? undefined : jest.fn;
  return fn ? { name: 'jest', fn: (implementation) => fn(implementation) } : OWN;
}

const OWN: TestFramework = { name: 'temporal-replay', fn: createMockFunction };
