import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { ReporterContext } from '../reporter';

/**
 * Returns a file's path relative to the root of the checkout (`GITHUB_WORKSPACE`), with slashes; null for a file outside of it. Without
 * a checkout the path is relative as given.
 */
export function repositoryPath(file: string, { cwd, env }: ReporterContext): string | null {
  const root = env['GITHUB_WORKSPACE'];
  const path = root ? relative(root, resolve(cwd, file)) : file;
  if (isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) return null;
  return path.split(sep).join('/');
}
