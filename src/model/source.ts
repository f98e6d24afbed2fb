/** A place in the workflow's source. `line` and `column` count from 1. */
export interface SourceLocation {
  file: string;
  line: number;
  column: number;
  function: string | null;
}

/** Whole lines of a file and what to put in their place. Lines count from 1, `endLine` is included; an insertion has `endLine` = `startLine` - 1. */
export interface SourceEdit {
  file: string;
  startLine: number;
  endLine: number;
  replacement: string;
}
