import { harmlessText } from '../util/harmless-text';

/** Ends the process with 2. Node itself ends with 1, the exit code of a failed replay. */
function end(err: unknown): void {
  const text = err instanceof Error ? err.stack : String(err);
  // eslint-disable-next-line no-restricted-syntax -- the screen may be what could not be loaded
  process.stderr.write(`${harmlessText(`replay: unexpected error\n${text}`)}\n`);
  process.exit(2);
}

// The first import of the program, for errors while all others are loaded, such as in a directory that is gone.
process.on('uncaughtException', end);

/** Leaves errors to others from here on. */
export const endEarlyErrors = (): void => void process.off('uncaughtException', end);
