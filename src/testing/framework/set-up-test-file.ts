import { lazyMatchers } from '../matchers/lazy';
// Loaded before a test can replace the timers of the process.
import '../time/clock';
import { registerTestApi, type TestApi } from './test-api';
import { installTestFileHooks, type TestFileHooks } from './test-file-hooks';

/** The functions of a test runner that its setup file passes on. */
export type SetUpTestApi = Omit<TestApi, 'expect'> & {
  expect: { getState(): object; extend(matchers: never): void };
  beforeEach(run: () => void): void;
};

/**
 * Prepares a test file: registers the test runner, the matchers and the hooks. The setup file of each runner calls the returned
 * hooks at the end of a test and of the file.
 */
export function setUpTestFile({ beforeEach, ...testApi }: SetUpTestApi): TestFileHooks {
  registerTestApi(testApi);
  testApi.expect.extend(lazyMatchers as never);
  const hooks = installTestFileHooks();
  beforeEach(() => hooks.testStarted());
  return hooks;
}
