import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { registerFramework } from '../test-runner/framework.js';
import { startTestWatch } from '../test-runner/test-watch.js';
import { lazyMatchers } from '../testing/matchers/lazy.js';

registerFramework({
  name: 'vitest',
  fn: vi.fn,
  describe,
  test,
  beforeAll,
  expect: expect as { getState(): object },
});
expect.extend(lazyMatchers as Parameters<typeof expect.extend>[0]);

const watch = startTestWatch();
beforeEach(() => watch.testStarted());
// Hooks of the setup come last at the end of a test.
afterEach(async ({ task }) => {
  let hasFailed = task.result?.state === 'fail';
  try {
    await watch.afterTest();
  } catch (err) {
    hasFailed = true;
    throw err;
  } finally {
    const logs = hasFailed ? watch.logs() : null;
    // eslint-disable-next-line no-console -- of the test: vitest prints it with its name
    if (logs !== null) console.log(logs);
  }
});
afterAll(() => watch.fileDone());
