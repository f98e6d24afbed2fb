import yargs, { type Argv } from 'yargs';
import { isTemporalReplayError, messageOf } from '../errors';
import { COMMANDS } from './command-table';
import { withPlaceholder } from './options/stdin-placeholder';
import { processScreen } from './terminal/screen';
import { usageError } from './usage-error';

/** Parses the arguments, runs the command, and turns an error into a line on standard error and an exit code (`process.exitCode`). */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    const parser = await parserFor(COMMANDS[args[0] ?? '']?.readsStdin ? withPlaceholder(args) : args);
    await parser.parseAsync();
  } catch (err) {
    reportError(err);
  }
}

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
export function reportError(err: unknown): void {
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
