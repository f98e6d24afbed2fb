import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Exit codes of every command that a signal has ended: those that a shell gives a process that the signal has killed. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export type SignalName = keyof typeof EXIT_CODES;

/** Messages of the thread that hears signals. */
export type FromThread =
  | { type: 'ready' }
  | { type: 'signal'; name: SignalName }
  /** Asked again and again after a signal: without an answer, the thread ends the process. */
  | { type: 'are-you-there' };

/** Messages to that thread. Each one shows that the main thread is not stuck. */
export type ToThread = { type: 'here' | 'takes-any-time' | 'shows-results' };

/** Time that a command has to stop its work and to show its results. Most supervisors kill a process after ten seconds. */
const GRACE_MS = 9_000;

let received: SignalName | null = null;
let aborting: AbortController | null = null;
let isLimited = true;
let thread: Worker | null = null;

/**
 * Makes Ctrl-C and SIGTERM end the process with their exit codes: at once, or, if the command has called {@link abortOnSignals},
 * as soon as it has stopped its work, and at the latest after {@link GRACE_MS}. A second signal ends the process at once in any case.
 *
 * A thread hears the signals, since webpack and modules of the user can keep the main thread busy for as long as they like. If that
 * does not answer, the thread ends the process within two seconds. Until the thread has started, a signal ends the process by itself.
 */
export function endOnSignals(): void {
  if (process.platform === 'win32') return listen();
  const started = new Worker(join(__dirname, 'signal-thread.js'), {
    // Modules that NODE_OPTIONS preloads are meant for the main thread.
    ...{ env: {}, execArgv: ['--expose-internals'] },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  started.on('message', (message: FromThread) => {
    if (message.type === 'ready') thread = started;
    tell('here');
    if (message.type === 'signal') receive(message.name);
  });
  // Another version of Node may have other internals. The main thread then hears signals when it is not busy.
  started.once('error', () => {
    thread = null;
    listen();
  });
  started.unref();
}

function listen(): void {
  for (const name of Object.keys(EXIT_CODES) as SignalName[]) process.on(name, () => receive(name));
}

function receive(name: SignalName): void {
  if (received !== null || aborting === null) process.exit(EXIT_CODES[name]);
  interrupt(name);
}

const tell = (type: ToThread['type']): void => thread?.postMessage({ type } satisfies ToThread);

/**
 * Returns a signal that the first Ctrl-C or SIGTERM aborts, for a command that has something to stop or to show at its end. Without
 * `limited`, the command has any time for that.
 */
export function abortOnSignals({ limited = true }: { limited?: boolean } = {}): AbortSignal {
  isLimited = limited;
  return (aborting ??= new AbortController()).signal;
}

/** Does what a signal does, for Ctrl-C as a key of a terminal that sends no signals. */
export function interrupt(name: SignalName): void {
  received = name;
  if (!isLimited) tell('takes-any-time');
  aborting?.abort();
  if (isLimited) setTimeout(() => process.exit(EXIT_CODES[name]), GRACE_MS).unref();
}

/** Lets the command show the results of an interrupted run, which can keep the main thread busy. */
export const showResults = (): void => tell('shows-results');

/** Returns the name of the signal that the process has received; null if it has received none. */
export const receivedSignal = (): SignalName | null => received;

/** Returns the exit code of the signal that the process has received; null if it has received none. */
export const exitCodeOfSignal = (): number | null => (received === null ? null : EXIT_CODES[received]);
