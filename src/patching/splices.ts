import type { SourceEdit } from '../model/source';
import { type ChangedRun, changedRuns } from '../util/changed-runs';

/** A replacement of a part of a text, by offsets in UTF-16 code units. An insertion has `end` = `start`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Applies replacements that do not overlap. Insertions at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const inOrder = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of inOrder) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/** Returns the edits of whole lines that turn one text into another. */
export function editsBetween(before: string, after: string): Omit<SourceEdit, 'file'>[] {
  const lines = before.split('\n');
  return changedRuns(lines, after.split('\n')).map((run) => editOf(run, lines));
}

/** A replacement is at least one line, so that lines that go take in one that stays. */
function editOf(
  { oldStart, removed, added }: ChangedRun,
  lines: readonly string[],
): Omit<SourceEdit, 'file'> {
  const startLine = oldStart + 1;
  const endLine = oldStart + removed.length;
  if (added.length > 0) return { startLine, endLine, replacement: added.join('\n') };
  const next = lines[endLine];
  return next === undefined && startLine > 1
    ? { startLine: startLine - 1, endLine, replacement: lines[startLine - 2]! }
    : { startLine, endLine: endLine + 1, replacement: next ?? '' };
}
