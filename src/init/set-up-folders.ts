import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasOwnInstall } from '../packages/package-manager';
import { isBelow } from './repository';
import { listSourceFiles } from './source-files';

/**
 * Returns the folders that get a config each: the given one if it has a package.json, else the folders below it in which packages are
 * installed. What is installed in one of them is not found from another.
 */
export async function foldersToSetUp(directory: string): Promise<string[]> {
  if (existsSync(join(directory, 'package.json'))) return [directory];
  const { packages } = await listSourceFiles(directory);
  const folders = packages.map((path) => installFolderOf(dirname(path), directory));
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && isBelow(folder, other)),
  );
}

/** Returns the folder of the lockfile or the workspace that a package belongs to, or else of its outermost package.json. */
function installFolderOf(folder: string, top: string): string {
  let outermost = folder;
  for (let at = folder; at !== top && isBelow(at, top); at = dirname(at)) {
    // A lockfile without package.json is left from a command that ran in the wrong folder.
    if (!existsSync(join(at, 'package.json'))) continue;
    if (hasOwnInstall(at)) return at;
    outermost = at;
  }
  return outermost;
}
