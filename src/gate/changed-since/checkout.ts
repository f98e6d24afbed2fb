import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type Base, git } from './git';

/** The files of a commit in a directory of their own, outside of the repository. */
export interface Checkout {
  /** Where the top of the repository is in it. */
  root: string;
  /** For what the run needs beside the code; removed with it. */
  scratch: string;
  remove(): Promise<void>;
}

/**
 * Writes the files of a commit to the system's temporary directory, and gives them the packages that are installed now.
 * An index of its own instead of `git worktree`: nothing of it is in the repository, so nothing of it can be left there.
 *
 * @throws GIT_FAILED
 */
export async function checkOut({ root, commit }: Base, signal?: AbortSignal): Promise<Checkout> {
  const scratch = await mkdtemp(join(await realpath(tmpdir()), 'replay-changed-since-'));
  const removeAtExit = (): void => rmSync(scratch, { recursive: true, force: true });
  process.on('exit', removeAtExit);
  const remove = async (): Promise<void> => {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
    process.off('exit', removeAtExit);
  };
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

/** The directories of a commit, with the top one as ''. */
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
  // A repository may lie inside of another one's packages.
  for (let above = dirname(root); above !== dirname(above); above = dirname(above)) {
    const outer = join(above, 'node_modules');
    if (existsSync(outer)) return link(outer, join(dirname(code), 'node_modules'));
  }
}

/** Package by package: a workspace's own packages are code of the repository, and have to be those of the commit. */
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
    const own = inRepository(real, tops.root);
    if (own === null) await link(real, to);
    else if (existsSync(join(tops.code, own))) await link(join(tops.code, own), to);
  }
}

/** A junction needs no rights of an administrator on Windows; elsewhere the type counts for nothing. */
const link = (target: string, path: string): Promise<void> => symlink(target, path, 'junction');

/** Path within the repository of what is its own code; null for packages and what lies elsewhere. */
export function inRepository(path: string, root: string): string | null {
  const inside = relative(root, path);
  const isInside = inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside && !inside.split(sep).includes('node_modules') ? inside : null;
}
