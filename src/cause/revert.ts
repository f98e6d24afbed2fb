import type { FileHunk } from '../model/cause';
import { parseSource } from '../source/parse';

/** Returns the text of a file before some of its changes. */
export function textBefore(
  text: string,
  hunks: readonly Pick<FileHunk, 'line' | 'count' | 'before'>[],
): string {
  const lines = text.split('\n');
  for (const { line, count, before } of [...hunks].sort((a, b) => b.line - a.line))
    lines.splice(count === 0 ? line : line - 1, count, ...before);
  return lines.join('\n');
}

/** Returns the texts of the files before some of their changes, or null if one of them could not be parsed then. */
export function textsBefore(
  hunks: readonly FileHunk[],
  textOf: (file: string) => string | null,
): Map<string, string> | null {
  const texts = new Map<string, string>();
  for (const file of new Set(hunks.map((hunk) => hunk.file))) {
    const now = textOf(file);
    if (now === null) return null;
    const before = textBefore(
      now,
      hunks.filter((hunk) => hunk.file === file),
    );
    if (isValid(now, file) && !isValid(before, file)) return null;
    texts.set(file, before);
  }
  return texts;
}

function isValid(text: string, file: string): boolean {
  if (/\.[cm]?[jt]sx?$/.test(file)) return parseSource(text, file)?.errors.length === 0;
  if (!file.endsWith('.json')) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
