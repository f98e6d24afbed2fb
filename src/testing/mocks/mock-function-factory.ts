import { registeredTestApi, registerTestApi } from '../framework/test-api';
import { type AnyFunction, createMockFunction, type MockState } from './mock-function';

/** A mock function of whatever test runner. */
export type RunnerMockFunction = AnyFunction & {
  mock: MockState<AnyFunction>;
  mockClear?: () => unknown;
  getMockImplementation?: () => AnyFunction | undefined;
};

/** What mocks need of a test runner. */
export interface TestFramework {
  name: string;
  /** Makes a mock function, as `jest.fn` does. */
  fn(implementation: AnyFunction): RunnerMockFunction;
}

/** A test runner's setup says which mock functions its `expect` knows. */
export function registerTestFramework(framework: TestFramework): void {
  registerTestApi(framework);
}

// Jest gives it to each module, not to the global object.
declare const jest: { fn?: TestFramework['fn'] } | undefined;

/** The registered one, else jest's where this runs under it, else our own. */
export function mockFunctionFactory(): TestFramework {
  const registered = registeredTestApi();
  if (registered) return registered as TestFramework;
  const fn = typeof jest === 'undefined' ? undefined : jest.fn;
  return fn ? { name: 'jest', fn: (implementation) => fn(implementation) } : OWN;
}

const OWN: TestFramework = { name: 'temporal-replay', fn: createMockFunction };
