import type { ArgumentsCamelCase, Argv } from 'yargs';

/** A command's flags and what it does. Its name and description are a row of {@link COMMANDS}. */
export interface Command<Args = object> {
  /** Declares the flags and positionals. */
  builder(yargs: Argv): Argv<Args>;
  /** Runs the command; sets `process.exitCode`, or throws a `TemporalReplayError`. */
  handler(args: ArgumentsCamelCase<Args>): void | Promise<void>;
}

/** A row of {@link COMMANDS}. */
export interface CommandRow {
  /** Positionals, in yargs' notation. */
  positionals?: string;
  describe: string;
  /** True if a `-` among the arguments names standard input. */
  readsStdin?: boolean;
  load(): Promise<Command>;
}
