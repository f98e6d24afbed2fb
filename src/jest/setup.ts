import { testsToRun } from '../testing/framework/tests-to-run';
import { setUpTestFile } from '../testing/framework/set-up-test-file';

// jest resolves this itself, even if the package is not installed or globals are switched off.
const globals = require('@jest/globals') as typeof import('@jest/globals');
const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = globals;

const hooks = setUpTestFile({
  ...{ name: 'jest', fn: globals.jest.fn, describe, test, beforeEach, expect },
  beforeAll: (run, timeoutMs) => beforeAll(() => run(testsToRun()), timeoutMs),
});
afterEach(() => hooks.afterTest());
afterAll(() => hooks.testsDone());
