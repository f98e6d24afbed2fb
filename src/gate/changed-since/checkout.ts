import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { TemporalReplayError, messageOf } from '../../errors';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../../util/temporary-directory';
import { type Base, git } from './git';

/** The files of a commit in a temporary directory outside of the repository. */
export interface Checkout {
  /** Directory that holds the top directory of the repository. */
  root: string;
  /** Directory for other files of the run. `remove` removes it too. */
  scratch: string;
  remove(): Promise<void>;
}

/**
 * Writes the files of a commit to the system's temporary directory, and links the packages that are installed now. It uses a
 * separate index instead of `git worktree`, so that nothing is written into the repository.
 *
 * @throws GIT_FAILED, OUTPUT_FAILED
 */
export async function checkOut({ root, commit }: Base, signal?: AbortSignal): Promise<Checkout> {
  const scratch = newScratch();
  const remove = (): Promise<void> => removeTemporaryDirectory(scratch);
  try {
    const code = join(scratch, 'code');
    await mkdir(code);
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await git(root, ['read-tree', commit], { env, signal });
    await git(root, ['checkout-index', '--all', `--prefix=${code}/`], { env, signal });
    await linkPackages(root, code, await directoriesOf(root, commit, signal));
    return { root: code, scratch, remove };
  } catch (err) {
    await remove();
    throw err;
  }
}

function newScratch(): string {
  try {
    return makeTemporaryDirectory('changed-since');
  } catch (err) {
    const message = `No temporary directory can be created for the earlier code: ${messageOf(err)}`;
    throw new TemporalReplayError('OUTPUT_FAILED', message, { cause: err });
  }
}

/** Returns the directories of a commit; the top one is the empty string. */
async function directoriesOf(root: string, commit: string, signal?: AbortSignal): Promise<string[]> {
  const listed = await git(root, ['ls-tree', '-r', '-d', '-z', '--name-only', commit], { signal });
  return ['', ...listed.split('\0').filter(Boolean)];
}

async function linkPackages(root: string, code: string, directories: readonly string[]): Promise<void> {
  for (const directory of directories) {
    const [source, target] = [root, code].map((top) => join(top, directory, 'node_modules')) as [
      string,
      string,
    ];
    if (existsSync(source) && !existsSync(target)) await linkEach(source, target, { root, code });
  }
  // A repository may lie inside a directory whose packages it uses.
  for (let above = dirname(root); above !== dirname(above); above = dirname(above)) {
    const outer = join(above, 'node_modules');
    if (existsSync(outer)) return link(outer, join(dirname(code), 'node_modules'));
  }
}

/**
 * Links each package by itself. A workspace's own packages are code of the repository, so their links lead to the code of the commit.
 */
async function linkEach(source: string, target: string, tops: { root: string; code: string }): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.name.startsWith('@') && entry.isDirectory()) {
      await linkEach(from, to, tops);
      continue;
    }
    if (!entry.isSymbolicLink()) {
      if (entry.isDirectory()) await link(from, to);
      continue;
    }
    const real = await realpath(from).catch(() => null);
    if (real === null) continue;
    const own = pathInRepository(real, tops.root);
    if (own === null) await link(real, to);
    else if (existsSync(join(tops.code, own))) await link(join(tops.code, own), to);
  }
}

/** Links a directory. On Windows a junction needs no administrator rights; other systems ignore the type. */
const link = (target: string, path: string): Promise<void> => symlink(target, path, 'junction');

/** Returns the path relative to the repository's root; null for installed packages and for files outside of the repository. */
export function pathInRepository(path: string, root: string): string | null {
  const inside = relative(root, path);
  const isInside = inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside && !inside.split(sep).includes('node_modules') ? inside : null;
}
