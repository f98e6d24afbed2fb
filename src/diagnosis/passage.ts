import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { walk } from '../source/walk';
import type { Hunk } from './last-changes';

/** Whole lines of a file, with the lines that runs from before the change need in their place. */
export interface Passage {
  file: string;
  line: number;
  /** Number of lines; 0 for a passage that is inserted before `line`. */
  count: number;
  now: string[];
  before: string[];
}

/** A file with its last change. */
export interface ChangedFile {
  file: string;
  lines: string[];
  program: Node;
  hunks: readonly Hunk[];
}

/**
 * Returns true if whole lines lie inside a function. On the line with which a function begins or ends, `patched()` would
 * come outside of it.
 */
export const isInFunction = (program: Node, from: number, to: number): boolean =>
  [...walk(program)].some((node) => {
    const { start, end } = node.loc;
    return isFunction(node) && start.line < from && end.line > to;
  });
