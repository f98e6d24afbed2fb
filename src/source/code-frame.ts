import { codeFrameColumns } from '@babel/code-frame';
import type { Position } from './place';

const LINES_ABOVE = 2;
const LINES_BELOW = 3;

/** Returns the lines of a source around a position, numbered, with the position marked. */
export const codeFrame = (text: string, { line, column }: Position): string =>
  codeFrameColumns(text, { start: { line, column } }, { linesAbove: LINES_ABOVE, linesBelow: LINES_BELOW });
