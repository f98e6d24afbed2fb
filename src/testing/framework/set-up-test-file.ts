import { lazyMatchers } from '../matchers/lazy';
import { registerTestApi, type TestApi } from './test-api';
import { installTestFileHooks, type TestFileHooks } from './test-file-hooks';

/** What the setup file of a test runner has at hand. */
export type SetUpFramework = Omit<TestApi, 'expect'> & {
  expect: { getState(): object; extend(matchers: never): void };
  beforeEach(run: () => void): void;
};

/** What each test file begins with; how a test ends is for each runner's own setup to tell the watch. */
export function setUpTestFile({ beforeEach, ...framework }: SetUpFramework): TestFileHooks {
  registerTestApi(framework);
  framework.expect.extend(lazyMatchers as never);
  const watch = installTestFileHooks();
  beforeEach(() => watch.testStarted());
  return watch;
}
