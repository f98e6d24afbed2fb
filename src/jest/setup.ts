import { testsToRun } from '../testing/framework/tests-to-run';
import { setUpTestFile } from '../testing/framework/set-up-test-file';

// jest answers this by itself, also where the package is not installed and where globals are switched off.
const globals = require('@jest/globals') as typeof import('@jest/globals');
const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = globals;

const watch = setUpTestFile({
  ...{ name: 'jest', fn: globals.jest.fn, describe, test, beforeEach, expect },
  beforeAll: (run, timeoutMs) => beforeAll(() => run(testsToRun()), timeoutMs),
});
afterEach(() => watch.afterTest());
afterAll(() => watch.testsDone());
