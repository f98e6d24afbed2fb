#!/usr/bin/env node
import { endEarlyErrors } from './early-errors';
import { hideBin } from 'yargs/helpers';
import { reportError, runCommandLine } from './command-line';
import { processScreen, whenWritten } from './terminal/screen';
import { endOnSignals, exitCodeOfSignal } from './terminal/signals';

endOnSignals();

/** Runs the command that the arguments name, and notes its exit code. */
async function main(): Promise<void> {
  await runCommandLine(hideBin(process.argv));
  process.exitCode = exitCodeOfSignal() ?? process.exitCode;
  outcome = Number(process.exitCode ?? 0);
}

/** The exit code of the command; null until it is done. */
let outcome: number | null = null;
// A command that waits for something that never comes would otherwise end with 0, as if all were well.
process.once('beforeExit', () => {
  if (outcome === null) process.exit(exitCodeOfSignal() ?? 2);
});
// Neither a gate that has not judged nor one that has failed passes because a module of the user calls `process.exit(0)`.
process.on('exit', (code) => {
  if (code !== 0 || outcome === 0) return;
  process.exitCode = outcome ?? 2;
  if (outcome === null)
    processScreen().note('replay: a module of the service ended the process before the command was done.');
});

// Node would print the error itself, with the characters that foreign text puts into it, and end with the code of a failed replay.
endEarlyErrors();
process.on('uncaughtException', (err) => {
  reportError(err);
  process.exit();
});

// The reader may stop reading early, as in `replay show … | head`. The exit code is that of a process ended by SIGPIPE.
process.stdout.on('error', (err: NodeJS.ErrnoException) => {
  if (err.code !== 'EPIPE') throw err;
  process.exit(141);
});

/** Time until the process is ended although modules of the user, such as a data converter with a client, keep it alive. */
const EXIT_DELAY_MS = 1_000;
/** The same after a signal: enough for replay processes to end, which this process has killed. */
const EXIT_DELAY_AFTER_SIGNAL_MS = 250;

void main().finally(() => {
  const delayMs = exitCodeOfSignal() === null ? EXIT_DELAY_MS : EXIT_DELAY_AFTER_SIGNAL_MS;
  setTimeout(() => whenWritten(() => process.exit()), delayMs).unref();
});
