import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** Returns the directory for files that are kept between runs, such as servers and bundles. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.TEMPORAL_REPLAY_CACHE_DIR;
  return chosen ? resolve(chosen) : envPaths('temporal-replay', { suffix: '' }).cache;
}
