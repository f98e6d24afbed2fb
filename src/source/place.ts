import { relative } from 'node:path';

/** A place in a source file. `line` and `column` count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Returns `src/order.ts:12:9`, with the file relative to `cwd`. */
export const formatPlace = ({ file, line, column }: Place, cwd: string): string =>
  `${relative(cwd, file)}:${line}:${column}`;
