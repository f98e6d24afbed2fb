import { dirname } from 'node:path';
import { gitOutput } from '../../util/git-output';

/** The commits that wrote the lines of a file, by the lines from 1 on. Lines that are not committed have the commit `0…0`. */
export type LineCommits = ReadonlyMap<number, string>;

/** A line of `git blame --porcelain` that begins the lines about one line: commit, line then, line now. */
const HEADER = /^([0-9a-f]{40,64}) \d+ (\d+)/;

/** Returns the commits of a file's lines; null if git does not know the file. */
export async function commitsOfLines(file: string): Promise<LineCommits | null> {
  // Moved and reindented lines belong to the commit that wrote them.
  const output = await gitOutput(dirname(file), ['blame', '--porcelain', '-w', '-M', '--', file]);
  if (output === null) return null;
  const headers = output.split('\n').flatMap((line) => HEADER.exec(line) ?? []);
  const commits = new Map<number, string>();
  for (let i = 0; i < headers.length; i += 3) commits.set(Number(headers[i + 2]), headers[i + 1]!);
  return commits;
}
