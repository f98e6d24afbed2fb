#!/usr/bin/env node
import yargs, { type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TemporalReplayError, isTemporalReplayError } from '../errors';
import { printable } from '../report/printable';
import { STDIN_ARGUMENT } from './stdin-argument';

/** Loaded when named: `replay run` would wait 0.1 s for the gRPC client that only `replay fetch` needs. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule<object, never>>>> = {
  fetch: async () => (await import('./fetch.js')).fetchCommand as CommandModule<object, never>,
  run: async () => (await import('./run.js')).runCommand as CommandModule<object, never>,
  baseline: async () => (await import('./baseline.js')).baselineCommand,
  show: async () => (await import('./show.js')).showCommand as CommandModule<object, never>,
  init: async () => (await import('./init.js')).initCommand as CommandModule<object, never>,
  doctor: async () => (await import('./doctor.js')).doctorCommand as CommandModule<object, never>,
};

/** Those whose histories may come from standard input. */
const READS_STDIN: ReadonlySet<string> = new Set(['run', 'baseline', 'show']);

/** Parses, runs, and alone turns errors into a line on standard error and an exit code. */
async function main(): Promise<void> {
  try {
    const args = hideBin(process.argv).map((arg) =>
      arg === '-' && READS_STDIN.has(process.argv[2] ?? '') ? STDIN_ARGUMENT : arg,
    );
    const named = COMMANDS[args[0] ?? ''];
    const commands = await Promise.all((named ? [named] : Object.values(COMMANDS)).map((load) => load()));
    await commands
      .reduce((parser, command) => parser.command(command), yargs(args) as ReturnType<typeof yargs>)
      .scriptName('replay')
      .usage(
        '$0 <command>\n\nReplays recorded Temporal workflow histories against your current workflow code.',
      )
      .demandCommand(1, `Name a command: ${Object.keys(COMMANDS).join(', ')}.`)
      .strict()
      .fail((message, err) => {
        throw err ?? new TemporalReplayError('USAGE', message);
      })
      .help()
      .parseAsync();
  } catch (err) {
    report(err);
  }
}

function report(err: unknown): void {
  if (!isTemporalReplayError(err)) {
    // Nobody foresaw it: the stack is what its maintainers need.
    process.stderr.write(`replay: unexpected error\n${err instanceof Error ? err.stack : String(err)}\n`);
    process.exitCode = 2;
    return;
  }
  process.stderr.write(`replay: ${printable(err.message)} [${err.code}]\n`);
  if (err.hint) process.stderr.write(`        ${err.hint}\n`);
  process.exitCode = err.exitCode;
}

// `replay show … | head`: whoever reads has enough. The exit code is that of a process that SIGPIPE ended.
process.stdout.on('error', (err: NodeJS.ErrnoException) => {
  if (err.code !== 'EPIPE') throw err;
  process.exit(141);
});

void main();
