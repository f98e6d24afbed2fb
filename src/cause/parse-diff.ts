import type { FileHunk } from '../model/cause';

const HUNK_HEADER = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const OLD_FILE = /^--- (?:a\/)?(.*?)\t?$/;
const NEW_FILE = /^\+\+\+ (?:b\/)?(.*?)\t?$/;

/**
 * Returns the hunks of a diff without lines of context. Files are named as in the diff; a file that git had to quote is
 * left out.
 */
export function parseDiff(diff: string): FileHunk[] {
  const hunks: FileHunk[] = [];
  let [oldFile, file] = ['', ''];
  const lines = diff.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i]!;
    const header = HUNK_HEADER.exec(text);
    if (!header) {
      oldFile = OLD_FILE.exec(text)?.[1] ?? oldFile;
      const named = NEW_FILE.exec(text)?.[1];
      if (named !== undefined) file = named === '/dev/null' ? oldFile : named;
      continue;
    }
    const hunk: FileHunk = { file, line: Number(header[2]), count: Number(header[3] ?? 1), before: [] };
    // The content is counted, since a line of it can look like a header.
    let left = Number(header[1] ?? 1) + hunk.count;
    while (left > 0 && ++i < lines.length) {
      const line = lines[i]!;
      if (line.startsWith('\\')) continue;
      if (line.startsWith('-')) hunk.before.push(line.slice(1));
      left--;
    }
    if (!file.startsWith('"')) hunks.push(hunk);
  }
  return hunks;
}
