import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpTestFile } from '../testing/framework/set-up-test-file.js';
import type { TestsToRun } from '../testing/framework/tests-to-run.js';

const hooks = setUpTestFile({
  ...{ name: 'vitest', fn: vi.fn, describe, test, beforeEach, expect },
  beforeAll: (run, timeoutMs) =>
    beforeAll(function () {
      // vitest 4 takes declared parameters for fixtures.
      // eslint-disable-next-line prefer-rest-params
      return run(testsToRunIn([...arguments].at(-1) as Partial<Suite> | undefined));
    }, timeoutMs),
});
// The hooks of a setup file run last at the end of a test.
afterEach(async ({ task }) => {
  let hasFailed = task.result?.state === 'fail';
  try {
    await hooks.afterTest();
  } catch (err) {
    hasFailed = true;
    throw err;
  } finally {
    const logs = hasFailed ? hooks.logs() : null;
    // eslint-disable-next-line no-console -- vitest prints it with the name of the test
    if (logs !== null) console.log(logs);
  }
});
afterAll(() => hooks.fileDone());

/** The last argument of a hook: the only one in vitest 3, the second of two since vitest 4. */
interface Suite {
  tasks: readonly { name: string; mode: string }[];
}

function testsToRunIn(suite: Partial<Suite> | undefined): TestsToRun {
  if (!suite?.tasks) return null;
  const selected = suite.tasks.filter(({ mode }) => mode === 'run' || mode === 'queued');
  return new Set(selected.map(({ name }) => name));
}
