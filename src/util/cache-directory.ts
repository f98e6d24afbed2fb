import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** The directory that holds what this package keeps between runs: servers, bundles. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.TEMPORAL_REPLAY_CACHE_DIR;
  return chosen ? resolve(chosen) : envPaths('temporal-replay', { suffix: '' }).cache;
}
