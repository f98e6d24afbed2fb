import { diffArrays } from 'diff';
import type { SourceEdit } from '../model/source';

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
  const edits: Omit<SourceEdit, 'file'>[] = [];
  let line = 1;
  let open: { startLine: number; removed: number; added: string[] } | null = null;
  const close = (): void => {
    if (!open) return;
    const { startLine, removed, added } = open;
    edits.push({ startLine, endLine: startLine + removed - 1, replacement: added.join('\n') });
    open = null;
  };
  for (const { value, added, removed } of diffArrays(before.split('\n'), after.split('\n'))) {
    if (added || removed) {
      open ??= { startLine: line, removed: 0, added: [] };
      if (added) open.added.push(...value);
      else open.removed += value.length;
    } else close();
    if (!added) line += value.length;
  }
  close();
  return edits;
}
