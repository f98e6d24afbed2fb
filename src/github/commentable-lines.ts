/** A file of a pull request, as GitHub lists it. */
export interface PullRequestFile {
  filename: string;
  /** The changes in the unified format; absent for a binary file and for one that is too large. */
  patch?: string;
}

const HUNK_HEADER = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Returns the lines of each file that a comment may be on: those of the new version that the diff shows. */
export function commentableLines(files: readonly PullRequestFile[]): Map<string, ReadonlySet<number>> {
  return new Map(files.map(({ filename, patch = '' }) => [filename, linesIn(patch)]));
}

function linesIn(patch: string): ReadonlySet<number> {
  const lines = new Set<number>();
  let line = 0;
  for (const text of patch.split('\n')) {
    const header = HUNK_HEADER.exec(text);
    if (header) line = Number(header[1]);
    else if (text.startsWith('+') || text.startsWith(' ')) lines.add(line++);
  }
  return lines;
}
