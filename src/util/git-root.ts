import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the root of the git repository that a directory lies in, or null if there is none. */
export function gitRootOf(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}
