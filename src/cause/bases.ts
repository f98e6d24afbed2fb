import { gitOutput } from '../util/git-output';

/** A commit to compare the code with. */
export interface CauseBase {
  /** Absolute path of the top directory of the working tree. */
  root: string;
  /** Full hash. */
  commit: string;
}

/**
 * Yields the commits that the code may be compared with, the likeliest first: the one that is given, else HEAD for code
 * with uncommitted changes, the commit before HEAD (the target branch, for the merge commit of a pull request), the one
 * before the last change of the files, and the one at which the branch left the default branch.
 *
 * @param files absolute paths of the files in question
 */
export async function* basesOf(
  root: string,
  files: readonly string[],
  given: string | null,
): AsyncGenerator<CauseBase> {
  if (given !== null) {
    yield { root, commit: given };
    return;
  }
  const seen = new Set<string>();
  for (const find of [
    () => commitAt(root, 'HEAD'),
    () => commitAt(root, 'HEAD^'),
    () => commitBeforeLastChange(root, files),
    () => commitOfDefaultBranch(root),
  ]) {
    const commit = await find();
    if (commit === null || seen.has(commit)) continue;
    seen.add(commit);
    yield { root, commit };
  }
}

async function commitAt(root: string, revision: string): Promise<string | null> {
  const found = await gitOutput(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  return found?.trim() || null;
}

async function commitBeforeLastChange(root: string, files: readonly string[]): Promise<string | null> {
  if (files.length === 0) return null;
  const last = (await gitOutput(root, ['log', '-1', '--format=%H', '--', ...files]))?.trim();
  return last ? commitAt(root, `${last}^`) : null;
}

const commitOfDefaultBranch = async (root: string): Promise<string | null> =>
  (await gitOutput(root, ['merge-base', 'origin/HEAD', 'HEAD']))?.trim() || null;

/** Returns the top directory of the repository that a directory is in, or null. */
export async function repositoryOf(directory: string): Promise<string | null> {
  return (await gitOutput(directory, ['rev-parse', '--show-toplevel']))?.replace(/\r?\n$/, '') || null;
}
