import { withOwnSequences } from './text/paint';
import { withoutCommands } from '../util/ci-commands';
import { type RunnerCommand, formatCommand } from './text/runner-command';

/**
 * The standard streams, as the one way out for all text of this package. Histories, clusters and the user's code put any
 * characters into names and messages, so a screen lets none control the terminal, begin a line or command a CI runner.
 */
export interface Screen extends ScreenTraits {
  /** Writes lines to standard output, which carries the report. A line break within a line is shown as a blank. */
  print(lines: string | readonly string[]): void;
  /** Writes lines to standard error, which carries everything else. */
  note(lines: string | readonly string[]): void;
  /** Writes a text that ends with a line break to standard output, and keeps its line breaks. */
  document(text: string): void;
  /** Writes a command to the CI runner, a line on standard output. */
  command(command: RunnerCommand): void;
  /** Puts a line in the place of the last one on the terminal that standard error is; an empty one erases it. */
  redraw(line: string): void;
}

export interface ScreenTraits {
  /** True if standard error is a terminal, so that a line can be redrawn on it. */
  isTerminal: boolean;
  color: boolean;
  /** Width of standard output in columns: that of its terminal, or `COLUMNS`; undefined if nothing limits it. */
  columns?: number;
  /** Width of the terminal that standard error is, in columns; undefined if it is not a terminal. */
  errColumns?: number;
  /** True if the terminal that standard output is supports links (OSC 8). */
  hyperlinks?: boolean;
}

/** Width of what is written to standard output if nothing limits it. */
export const DEFAULT_COLUMNS = 100;

/** The places that a screen writes to. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

const ERASE_LINE = '\r\u001b[2K';

/** Returns a screen that writes to the streams. */
export function openScreen(streams: Streams, traits: ScreenTraits): Screen {
  let isDrawn = false;
  const redraw = (line: string): void => {
    isDrawn = line !== '';
    streams.err(ERASE_LINE + withOwnSequences(onOneLine(line)));
  };
  /** Other text would go on where a drawn line ends. */
  const afterErasing = (write: () => void): void => {
    if (isDrawn) redraw('');
    write();
  };
  return {
    ...traits,
    print: (lines) => afterErasing(() => streams.out(harmlessLines(lines))),
    note: (lines) => afterErasing(() => streams.err(harmlessLines(lines))),
    document: (text) => afterErasing(() => streams.out(harmless(text))),
    command: (command) => afterErasing(() => streams.out(`${withOwnSequences(formatCommand(command))}\n`)),
    redraw,
  };
}

/** Returns text that neither controls a terminal nor holds a command to a CI runner. Its line breaks stay. */
export const harmless = (text: string): string => withoutCommands(withOwnSequences(text));

function harmlessLines(lines: string | readonly string[]): string {
  const listed = typeof lines === 'string' ? [lines] : lines;
  return listed.length === 0 ? '' : harmless(`${listed.map(onOneLine).join('\n')}\n`);
}

const onOneLine = (line: string): string => line.replace(/\r?\n/g, ' ');
