const KEY = Symbol.for('temporal-replay.warnings');
type Holder = { [KEY]?: Set<string> };

/** Writes a warning to the console of the test, once in each test file. */
export function warnOnce(message: string): void {
  const said = ((globalThis as Holder)[KEY] ??= new Set());
  if (said.has(message)) return;
  said.add(message);
  // eslint-disable-next-line no-console -- test runners print it with the file and the test
  console.warn(`temporal-replay: ${message}`);
}
