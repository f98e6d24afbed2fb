import { extname, join } from 'node:path';
import type { FileHunk, Hunk } from '../model/cause';
import type { CauseBase } from './bases';
import { changedRuns } from '../util/changed-runs';
import { gitOutput } from '../util/git-output';

/** A file that has another path now. Paths are absolute. */
export interface RenamedFile {
  oldPath: string;
  path: string;
  hunks: FileHunk[];
}

/** Share of lines that a new file must have in common with a deleted one to be taken for it, as in git. */
const SIMILAR = 0.5;
/** Number of deleted and of new files up to which they are compared. */
const MAX_FILES = 60;

/**
 * Returns the files that were renamed since a commit, and what else changed in them. git finds renamed files too, but not those
 * that it does not track yet, as after a rename in an editor.
 *
 * @param files absolute paths of the files as they are now
 */
export async function renamedFiles(
  { root, commit }: CauseBase,
  files: ReadonlySet<string>,
  textOf: (file: string) => string | null,
): Promise<RenamedFile[]> {
  const { deleted, added } = await deletedAndAdded(root, commit);
  const candidates = [...added, ...(deleted.length > 0 ? await untracked(root) : [])]
    .map((file) => join(root, file))
    .filter((file) => files.has(file));
  if (candidates.length === 0 || deleted.length > MAX_FILES || candidates.length > MAX_FILES) return [];
  const olds = await Promise.all(
    deleted.map(async (file) => ({
      path: join(root, file),
      text: await gitOutput(root, ['show', `${commit}:${file}`]),
    })),
  );
  const renamed: RenamedFile[] = [];
  for (const path of candidates) {
    const now = textOf(path);
    const left = olds.filter((old) => !renamed.some(({ oldPath }) => oldPath === old.path));
    const compared = left.flatMap((old) =>
      now === null || old.text === null || extname(old.path) !== extname(path)
        ? []
        : [{ oldPath: old.path, ...compare(old.text, now) }],
    );
    const best = compared.sort((a, b) => b.similarity - a.similarity)[0];
    if (best && best.similarity >= SIMILAR)
      renamed.push({
        oldPath: best.oldPath,
        path,
        hunks: best.hunks.map((hunk) => ({ file: path, ...hunk })),
      });
  }
  return renamed;
}

async function deletedAndAdded(
  root: string,
  commit: string,
): Promise<{ deleted: string[]; added: string[] }> {
  const listed = await gitOutput(root, ['diff', '--name-status', '--no-renames', '-z', commit, '--']);
  const fields = (listed ?? '').split('\0');
  const of = (status: string): string[] =>
    fields.flatMap((field, i) => (i % 2 === 0 && field === status ? [fields[i + 1]!] : []));
  return { deleted: of('D'), added: of('A') };
}

async function untracked(root: string): Promise<string[]> {
  const listed = await gitOutput(root, ['ls-files', '--others', '--exclude-standard', '--full-name', '-z']);
  return (listed ?? '').split('\0').filter((file) => file !== '');
}

/** Returns the passages in which two texts differ, and the share of lines that they have in common. */
function compare(before: string, now: string): { similarity: number; hunks: Hunk[] } {
  const [old, lines] = [before.split('\n'), now.split('\n')];
  const runs = changedRuns(old, lines);
  const common = old.length - runs.reduce((sum, { removed }) => sum + removed.length, 0);
  const hunks = runs.map(({ removed, newStart, added }) => ({
    // As in git, a passage without lines stands behind the line before it.
    line: added.length > 0 ? newStart + 1 : newStart,
    count: added.length,
    before: removed,
  }));
  return { similarity: (2 * common) / (old.length + lines.length), hunks };
}
