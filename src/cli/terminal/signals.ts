/** Exit codes of every command that a signal has ended: those that a shell gives a process that the signal has killed. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Time that a command has to stop its work and to show its results. Most supervisors kill a process after ten seconds. */
const GRACE_MS = 9_000;

let received: keyof typeof EXIT_CODES | null = null;
let aborting: AbortController | null = null;
let isLimited = true;

/**
 * Makes Ctrl-C and SIGTERM end the process with their exit codes: at once, or, if the command has called {@link abortOnSignals},
 * as soon as it has stopped its work, and at the latest after {@link GRACE_MS}. A second signal ends the process at once in any case.
 */
export function endOnSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (received !== null || aborting === null) process.exit(EXIT_CODES[name]);
      interrupt(name);
    });
}

/**
 * Returns a signal that the first Ctrl-C or SIGTERM aborts, for a command that has something to stop or to show at its end. Without
 * `limited`, the command has any time for that.
 */
export function abortOnSignals({ limited = true }: { limited?: boolean } = {}): AbortSignal {
  isLimited = limited;
  return (aborting ??= new AbortController()).signal;
}

/** Does what a signal does, for Ctrl-C as a key of a terminal that sends no signals. */
export function interrupt(name: keyof typeof EXIT_CODES): void {
  received = name;
  aborting?.abort();
  if (isLimited) setTimeout(() => process.exit(EXIT_CODES[name]), GRACE_MS).unref();
}

/** Returns the name of the signal that the process has received; null if it has received none. */
export const receivedSignal = (): keyof typeof EXIT_CODES | null => received;

/** Returns the exit code of the signal that the process has received; null if it has received none. */
export const exitCodeOfSignal = (): number | null => (received === null ? null : EXIT_CODES[received]);
