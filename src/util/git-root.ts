import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesFrom } from './directories-from';

/** Returns the root of the git repository that a directory lies in, or null if there is none. */
export function gitRootOf(directory: string): string | null {
  return [...directoriesFrom(directory)].find((at) => existsSync(join(at, '.git'))) ?? null;
}
