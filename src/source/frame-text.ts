import { codeFrameColumns } from '@babel/code-frame';

const LINES_ABOVE = 2;
const LINES_BELOW = 3;

/** The lines round a place, numbered, with the place marked. Lines and columns count from 1. */
export const codeFrame = (text: string, { line, column }: { line: number; column: number }): string =>
  codeFrameColumns(text, { start: { line, column } }, { linesAbove: LINES_ABOVE, linesBelow: LINES_BELOW });
