import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpTestFile } from '../testing/framework/set-up-test-file.js';
import type { TestsToRun } from '../testing/framework/tests-to-run.js';

const watch = setUpTestFile({
  ...{ name: 'vitest', fn: vi.fn, describe, test, beforeEach, expect },
  beforeAll: (run, timeoutMs) =>
    beforeAll(function () {
      // Declared parameters are fixtures to vitest from version 4 on.
      // eslint-disable-next-line prefer-rest-params
      return run(selectedIn([...arguments].at(-1) as Partial<Suite> | undefined));
    }, timeoutMs),
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

/** What hooks are given last: the first of one argument in vitest 3, of two from version 4 on. */
interface Suite {
  tasks: readonly { name: string; mode: string }[];
}

function selectedIn(suite: Partial<Suite> | undefined): TestsToRun {
  if (!suite?.tasks) return null;
  const selected = suite.tasks.filter(({ mode }) => mode === 'run' || mode === 'queued');
  return new Set(selected.map(({ name }) => name));
}
