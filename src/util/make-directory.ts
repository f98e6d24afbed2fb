import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDirectory } from './file-kind';

/**
 * Makes a directory with those above it, unless it is there. Node's own `recursive` tries for ever where no directory can be made, such
 * as in `/proc`.
 *
 * @throws the error of the system
 */
export function makeDirectory(path: string): void {
  if (makesOrHas(path)) return;
  const parent = dirname(path);
  // If the parent is there, this fails with the error of the system.
  if (!existsSync(parent)) makeDirectory(parent);
  if (!makesOrHas(path)) mkdirSync(path);
}

/** Returns false if a directory above is missing. */
function makesOrHas(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'EEXIST' && isDirectory(path)) return true;
    throw err;
  }
}
