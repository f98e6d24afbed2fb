import type { SourceEdit } from '../model/source';

/** Applies edits of whole lines, from the bottom up so that the lines above keep their numbers. */
export function applyEdits(lines: readonly string[], edits: readonly Omit<SourceEdit, 'file'>[]): string {
  const result = [...lines];
  for (const { startLine, endLine, replacement } of [...edits].sort((a, b) => b.startLine - a.startLine))
    result.splice(startLine - 1, endLine - startLine + 1, replacement);
  return result.join('\n');
}

/** Returns a text without the indentation that all its lines have. */
export function dedent(text: string): string {
  const rows = text.split('\n');
  const indents = rows.filter((row) => row.trim() !== '').map((row) => /^\s*/.exec(row)![0].length);
  const least = Math.min(...indents);
  return rows.map((row) => row.slice(least)).join('\n');
}
