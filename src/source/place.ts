import { relative } from 'node:path';

/** A position in source code. `line` and `column` count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A place in a source file. */
export interface Place extends Position {
  file: string;
}

/** Returns `src/order.ts:12:9`, with the file relative to `cwd`. */
export const formatPlace = ({ file, line, column }: Place, cwd: string): string =>
  `${relative(cwd, file)}:${line}:${column}`;
