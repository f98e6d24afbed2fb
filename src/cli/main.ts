#!/usr/bin/env node
import { endEarlyErrors } from './early-errors';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { isTemporalReplayError, messageOf } from '../errors';
import { COMMANDS } from './command-table';
import { withPlaceholder } from './options/stdin-placeholder';
import { processScreen, whenWritten } from './terminal/screen';
import { endOnSignals, exitCodeOfSignal } from './terminal/signals';
import { usageError } from './usage-error';

endOnSignals();

/** Parses the arguments, runs the command, and turns an error into a line on standard error and an exit code. */
async function main(): Promise<void> {
  try {
    const args = hideBin(process.argv);
    const parser = await parserFor(COMMANDS[args[0] ?? '']?.readsStdin ? withPlaceholder(args) : args);
    await parser.parseAsync();
  } catch (err) {
    report(err);
  }
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

/** Declares every command for the help text, and loads those that the arguments may name. */
async function parserFor(args: readonly string[]): Promise<Argv> {
  const parser = yargs(args)
    .scriptName('replay')
    .usage('$0 <command>\n\nReplays recorded Temporal workflow histories against your current workflow code.')
    .demandCommand(1, `Name a command: ${Object.keys(COMMANDS).join(', ')}.`)
    .strict()
    // The end of the process is for this module alone to set.
    .exitProcess(false)
    .fail((message, err, failed) => {
      // yargs reports a flag without a value both as a message and as an error of its own.
      if (err && err.name !== 'YError') throw err;
      throw usageError(message, failed, { command: args[0], commands: Object.keys(COMMANDS) });
    })
    .help();
  for (const [name, { positionals, describe, load }] of Object.entries(COMMANDS)) {
    const command = positionals === undefined ? name : `${name} ${positionals}`;
    parser.command({
      command,
      describe,
      handler: () => undefined,
      ...(args.includes(name) && (await loadForService(load))),
    });
  }
  return parser;
}

/** Loads a command, whose imports of the SDK lead to the packages of the service. */
async function loadForService<T>(load: () => Promise<T>): Promise<T> {
  await import('../packages/sdk-resolution.js');
  return load();
}

const INDENT = ' '.repeat('replay: '.length);

/** Prints an error and sets the exit code. Further lines of its text, which may be foreign, are indented. */
function report(err: unknown): void {
  const isKnown = isTemporalReplayError(err);
  // The maintainers need the stack of an error that the code does not expect.
  const text = isKnown ? `${err.message} [${err.code}]` : `unexpected error\n${stackOf(err)}`;
  const hint = isKnown && err.hint ? [err.hint] : [];
  const page = isKnown ? [`More: replay explain ${err.code}`] : [];
  const [first, ...more] = [...text.split('\n'), ...hint, ...page];
  const screen = processScreen();
  const lines = [`replay: ${first}`, ...more.map((line) => INDENT + line)];
  const { errColumns } = screen;
  screen.note(
    errColumns === undefined ? lines : lines.flatMap((line) => wrapping().wrapped(line, errColumns, INDENT)),
  );
  process.exitCode = isKnown ? err.exitCode : 2;
}

/** Loads the wrapping of lines, which a command without an error does not need. */
const wrapping = (): typeof import('../report/text/wrap') =>
  require('../report/text/wrap') as typeof import('../report/text/wrap');

const stackOf = (err: unknown): string => (err instanceof Error && err.stack) || messageOf(err);

// Node would print the error itself, with the characters that foreign text puts into it, and end with the code of a failed replay.
endEarlyErrors();
process.on('uncaughtException', (err) => {
  report(err);
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
