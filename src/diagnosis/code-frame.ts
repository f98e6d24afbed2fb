import { codeFrameColumns } from '@babel/code-frame';
import type { SourceLocation } from '../model';
import type { Sources } from './sources';

const LINES_ABOVE = 2;
const LINES_BELOW = 3;

/** The lines round a place, numbered, with the place marked; null where the source is not at hand. */
export function codeFrameOf(location: SourceLocation | null, sources: Sources): string | null {
  const text = location && sources.textOf(location.file);
  if (text == null) return null;
  const { line, column } = location!;
  return codeFrameColumns(
    text,
    { start: { line, column } },
    { linesAbove: LINES_ABOVE, linesBelow: LINES_BELOW },
  );
}
