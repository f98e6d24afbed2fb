import { lazyMatchers } from '../matchers/lazy';
import { registerFramework, type TestFramework } from './framework';
import { startTestWatch, type TestWatch } from './test-watch';

/** What the setup file of a test runner has at hand. */
export type SetUpFramework = Omit<TestFramework, 'expect'> & {
  expect: { getState(): object; extend(matchers: never): void };
  beforeEach(run: () => void): void;
};

/** What each test file begins with; how a test ends is for each runner's own setup to tell the watch. */
export function setUpTestFile({ beforeEach, ...framework }: SetUpFramework): TestWatch {
  registerFramework(framework);
  framework.expect.extend(lazyMatchers as never);
  const watch = startTestWatch();
  beforeEach(() => watch.testStarted());
  return watch;
}
