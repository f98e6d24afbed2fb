import { variablesIn } from '../source/environment-variables';
import { contentHash } from '../util/content-hash';
import { readTextFile } from '../util/read-text-file';

/**
 * Returns a hash of everything that modules of the user are known to depend on: the files that they import, the lock files, and the
 * values of the environment variables that the code names. Returns null if an import leads to no file, or a file cannot be parsed.
 */
export function contentOfModules(paths: readonly string[], env: NodeJS.ProcessEnv): string | null {
  if (paths.length === 0) return '';
  // Its parser is loaded late, since most projects have no such modules.
  const { sourcesOfModules } = require('./module-sources') as typeof import('./module-sources');
  const files = sourcesOfModules(paths);
  if (files === null) return null;
  const texts = files.map((path) => readTextFile(path) ?? '');
  const variables = variablesIn(texts)
    .sort()
    .map((name) => [name, env[name] ?? null]);
  return contentHash(JSON.stringify([texts, variables]));
}
