import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { TestWorker } from '../connection/test-worker';
import { testApi } from '../framework/test-api';
import { warnOnce } from '../framework/warn';
import type { Bundle, ModuleMock } from '../worker/protocol';

/** A sign of module mocks. The test worker parses the file: loading a parser here would slow down each test file. */
const MOCKS = /\b(?:mock|doMock|setMock|unstable_mockModule)\s*\(/;

/** Warns if the test file mocks a module that the workflow code has, too: the mock does not reach that code. */
export async function warnOfModuleMocks({ channel }: TestWorker, bundle: Bundle, cwd: string): Promise<void> {
  const testFile = currentTestFile();
  if (testFile === null || !MOCKS.test(await readFile(testFile, 'utf8').catch(() => ''))) return;
  const mocks = await channel.request('mocksOfInputs', { testFile, inputs: bundle.inputs });
  for (const mock of mocks) warnOnce(warningOf(mock, cwd));
}

const warningOf = ({ call, module, input }: ModuleMock, cwd: string): string =>
  `${call}('${module}') does not reach workflow code, which has ${relativeTo(cwd, input)} in its bundle and runs in a sandbox ` +
  'of its own. Give the workflow what differs in the test as an argument, or let an activity return it, which can be mocked.';

const relativeTo = (cwd: string, input: string): string =>
  /[\\/]/.test(input) && !input.startsWith('@') ? relative(cwd, input) : input;

function currentTestFile(): string | null {
  try {
    return testApi().expect.getState().testPath ?? null;
  } catch {
    // A test runner without this state.
    return null;
  }
}
