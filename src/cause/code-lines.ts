import type { Hunk } from '../model/cause';

/** Returns true for a line that holds code: no blank line, no comment. */
export const isCode = (line: string): boolean => !/^\s*($|\/\/|\/?\*)/.test(line);

/** Returns true for a line that imports or exports names of other modules. */
export const isImport = (line: string): boolean => /^\s*(import\b|export\b.*\bfrom\b|\}\s*from\b)/.test(line);

/** Returns the lines of a changed passage as they are now. */
export const linesNow = ({ line, count }: Hunk, lines: readonly string[]): string[] =>
  lines.slice(line - 1, line - 1 + count);

/** Returns true if a line of a file is part of a changed passage. Both lines around a deletion are. */
export const holdsLine = ({ line, count }: Hunk, at: number): boolean =>
  count === 0 ? at === line || at === line + 1 : at >= line && at < line + count;
