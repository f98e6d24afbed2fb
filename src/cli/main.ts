#!/usr/bin/env node
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { isTemporalReplayError } from '../errors';
import { printable } from '../report/text/printable';
import { COMMANDS } from './command-table';
import { withPlaceholder } from './options/stdin-placeholder';
import { usageError } from './usage-error';

/** Parses the arguments, runs the command, and turns an error into a line on standard error and an exit code. */
async function main(): Promise<void> {
  try {
    const args = hideBin(process.argv);
    const parser = await parserFor(COMMANDS[args[0] ?? '']?.readsStdin ? withPlaceholder(args) : args);
    await parser.parseAsync();
  } catch (err) {
    report(err);
  }
}

/** Declares every command for the help text, and loads those that the arguments may name. */
async function parserFor(args: readonly string[]): Promise<Argv> {
  const parser = yargs(args)
    .scriptName('replay')
    .usage('$0 <command>\n\nReplays recorded Temporal workflow histories against your current workflow code.')
    .demandCommand(1, `Name a command: ${Object.keys(COMMANDS).join(', ')}.`)
    .strict()
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

function report(err: unknown): void {
  if (!isTemporalReplayError(err)) {
    // The maintainers need the stack of an error that the code does not expect.
    process.stderr.write(`replay: unexpected error\n${err instanceof Error ? err.stack : String(err)}\n`);
    process.exitCode = 2;
    return;
  }
  process.stderr.write(`replay: ${printable(err.message)} [${err.code}]\n`);
  if (err.hint) process.stderr.write(`        ${err.hint}\n`);
  process.exitCode = err.exitCode;
}

// The reader may stop reading early, as in `replay show … | head`. The exit code is that of a process ended by SIGPIPE.
process.stdout.on('error', (err: NodeJS.ErrnoException) => {
  if (err.code !== 'EPIPE') throw err;
  process.exit(141);
});

/** Time until the process is ended although modules of the user, such as a data converter with a client, keep it alive. */
const EXIT_DELAY_MS = 1_000;

void main().finally(() =>
  setTimeout(() => process.stdout.write('', () => process.exit()), EXIT_DELAY_MS).unref(),
);
