#!/usr/bin/env node
import yargs, { type Argv, type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TemporalReplayError, isTemporalReplayError } from '../errors';
import { printable } from '../report/text/printable';
import { nearestName } from '../util/nearest-name';
import { STDIN_PLACEHOLDER } from './options/stdin-placeholder';

/** Loaded when named: `replay run` would wait 0.1 s for the gRPC client that only `replay fetch` needs. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule<object, never>>>> = {
  fetch: async () => (await import('./commands/fetch.js')).fetchCommand as CommandModule<object, never>,
  run: async () => (await import('./commands/run.js')).runCommand as CommandModule<object, never>,
  baseline: async () => (await import('./commands/baseline.js')).baselineCommand,
  show: async () => (await import('./commands/show.js')).showCommand as CommandModule<object, never>,
  init: async () => (await import('./commands/init.js')).initCommand as CommandModule<object, never>,
  test: async () => (await import('./commands/test.js')).testCommand as CommandModule<object, never>,
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand as CommandModule<object, never>,
};

/** Those whose histories may come from standard input. */
const READS_STDIN: ReadonlySet<string> = new Set(['run', 'baseline', 'show']);

/** Parses, runs, and alone turns errors into a line on standard error and an exit code. */
async function main(): Promise<void> {
  try {
    const args = hideBin(process.argv).map((arg) =>
      arg === '-' && READS_STDIN.has(process.argv[2] ?? '') ? STDIN_PLACEHOLDER : arg,
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
      .fail((message, err, parser) => {
        throw err ?? usageError(message, parser);
      })
      .help()
      .parseAsync();
  } catch (err) {
    report(err);
  }
}

const UNKNOWN = /^Unknown arguments?: (.+)$/;

/** yargs names a flag in each of its spellings, and a command that there is not like a flag. */
function usageError(message: string, parser: Argv): TemporalReplayError {
  if (message.startsWith('Not enough non-option arguments'))
    return new TemporalReplayError('USAGE', `replay ${process.argv[2]} needs to be told more.`, {
      hint: `See \`replay ${process.argv[2]} --help\`.`,
    });
  const [, names] = UNKNOWN.exec(message) ?? [];
  if (names === undefined) return new TemporalReplayError('USAGE', message);
  const given = names.split(', ');
  const unknown = given.filter((name) => !given.some((other) => other !== name && camelCase(other) === name));
  const [first] = unknown as [string];
  const isCommand = process.argv[2] === first;
  const known = isCommand ? Object.keys(COMMANDS) : flagsIn(parser.help() as unknown as string);
  const nearest = nearestName(first, known);
  const hint = nearest === undefined ? '' : ` Did you mean ${isCommand ? '' : '--'}${nearest}?`;
  const what = isCommand ? 'command' : unknown.length > 1 ? 'arguments' : 'argument';
  return new TemporalReplayError('USAGE', `Unknown ${what}: ${unknown.join(', ')}.${hint}`);
}

/** yargs documents `help()` of what a `fail` handler gets as the text; its types know only that of the parser. */
const flagsIn = (help: string): string[] => [...help.matchAll(/^ +--([a-z-]+)/gm)].map(([, name]) => name!);

const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

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

/** Modules of the user that were loaded, such as a data converter with a client of its keys, may keep the process alive. */
const ENDS_WITHIN_MS = 1_000;

void main().finally(() =>
  setTimeout(() => process.stdout.write('', () => process.exit()), ENDS_WITHIN_MS).unref(),
);
