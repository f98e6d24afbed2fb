import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { makeTemporaryDirectory } from './temporary-directory';

/**
 * Returns the directory for files that are kept between runs, such as servers and bundles. Without a home directory nothing can be
 * kept, and the directory is a temporary one of this process.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.TEMPORAL_REPLAY_CACHE_DIR;
  if (chosen) return resolve(chosen);
  return inHome() ?? (substitute ??= temporary());
}

let substitute: string | undefined;

/** Returns a new temporary directory, or a path that does not exist if there can be none. */
function temporary(): string {
  try {
    return makeTemporaryDirectory('cache');
  } catch {
    return join(tmpdir(), `temporal-replay-cache-${randomUUID()}`);
  }
}

/** Returns the directory in the user's home; null if the user has none, as in a container whose user is only a number. */
function inHome(): string | null {
  try {
    // The package looks for the home directory when it is loaded, and throws if there is none.
    const envPaths = require('env-paths') as typeof import('env-paths').default;
    const { cache } = envPaths('temporal-replay', { suffix: '' });
    return isAbsolute(cache) ? cache : null;
  } catch {
    return null;
  }
}
