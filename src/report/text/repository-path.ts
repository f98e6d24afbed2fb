import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { ReporterContext } from '../reporter';

/** A file as GitHub names it: from the checkout's root, with slashes. Null outside of it; as it stands where there is none. */
export function repositoryPath(file: string, { cwd, env }: ReporterContext): string | null {
  const root = env['GITHUB_WORKSPACE'];
  const path = root ? relative(root, resolve(cwd, file)) : file;
  if (isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) return null;
  return path.split(sep).join('/');
}
