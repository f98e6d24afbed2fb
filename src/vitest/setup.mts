import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpTestFile } from '../test-runner/set-up-test-file.js';

const watch = setUpTestFile({
  ...{ name: 'vitest', fn: vi.fn, describe, test, beforeAll, beforeEach, expect },
});
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
