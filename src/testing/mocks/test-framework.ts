import { registeredFramework, registerFramework } from '../framework/framework';
import { type AnyFunction, createMockFunction, type MockState } from './mock-function';

/** A mock function of whatever test runner. */
export type FrameworkMock = AnyFunction & {
  mock: MockState<AnyFunction>;
  mockClear?: () => unknown;
  getMockImplementation?: () => AnyFunction | undefined;
};

/** What mocks need of a test runner. */
export interface TestFramework {
  name: string;
  /** Makes a mock function, as `jest.fn` does. */
  fn(implementation: AnyFunction): FrameworkMock;
}

/** A test runner's setup says which mock functions its `expect` knows. */
export function registerTestFramework(framework: TestFramework): void {
  registerFramework(framework);
}

// Jest gives it to each module, not to the global object.
declare const jest: { fn?: TestFramework['fn'] } | undefined;

/** The registered one, else jest's where this runs under it, else our own. */
export function testFramework(): TestFramework {
  const registered = registeredFramework();
  if (registered) return registered as TestFramework;
  const fn = typeof jest === 'undefined' ? undefined : jest.fn;
  return fn ? { name: 'jest', fn: (implementation) => fn(implementation) } : OWN;
}

const OWN: TestFramework = { name: 'temporal-replay', fn: createMockFunction };
