/** A place in the workflow's source. `line` and `column` count from 1. */
export interface SourceLocation {
  file: string;
  line: number;
  column: number;
  function: string | null;
}

/**
 * A replacement of whole lines of a file. Lines count from 1 and `endLine` is included, so an insertion has `endLine` =
 * `startLine` - 1.
 */
export interface SourceEdit {
  file: string;
  startLine: number;
  endLine: number;
  replacement: string;
}
