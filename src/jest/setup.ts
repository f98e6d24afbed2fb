import { registerFramework } from '../test-runner/framework';
import { startTestWatch } from '../test-runner/test-watch';
import { lazyMatchers } from '../testing/matchers/lazy';

// jest answers this by itself, also where the package is not installed and where globals are switched off.
const globals = require('@jest/globals') as typeof import('@jest/globals');
const { afterEach, beforeAll, beforeEach, describe, expect, test } = globals;

registerFramework({
  name: 'jest',
  fn: globals.jest.fn,
  describe,
  test,
  beforeAll,
  expect: expect as { getState(): object },
});
expect.extend(lazyMatchers as Parameters<typeof expect.extend>[0]);

const watch = startTestWatch();
beforeEach(() => watch.testStarted());
afterEach(() => watch.afterTest());
