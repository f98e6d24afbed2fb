import { harmlessText } from '../../util/harmless-text';

const KEY = Symbol.for('temporal-replay.warnings');
type Holder = { [KEY]?: Set<string> };

/** Writes to standard error, as that of no test. */
export function notify(message: string): void {
  // eslint-disable-next-line no-restricted-syntax -- this is the way out for text of the process of a test
  process.stderr.write(`${harmlessText(`temporal-replay: ${message}`)}\n`);
}

/** Writes a warning to the console of the test, once in each test file. */
export function warnOnce(message: string): void {
  const said = ((globalThis as Holder)[KEY] ??= new Set());
  if (said.has(message)) return;
  said.add(message);
  // eslint-disable-next-line no-console -- test runners print it with the file and the test
  console.warn(harmlessText(`temporal-replay: ${message}`));
}
