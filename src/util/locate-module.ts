import { isAbsolute, resolve } from 'node:path';
import { isDirectory, isFile } from './file-kind';

const EXTENSIONS = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/**
 * Returns the absolute path of a module that is given as a path (with or without its extension, or a directory) or by the name of a
 * package. Returns null if there is none.
 */
export function locateModule(id: string, baseDir: string): string | null {
  for (const extension of EXTENSIONS) {
    const path = resolve(baseDir, `${id}${extension}`);
    if (isFile(path) || (extension === '' && isDirectory(path))) return path;
  }
  if (isAbsolute(id) || id.startsWith('.')) return null;
  try {
    return require.resolve(id, { paths: [baseDir] });
  } catch {
    return null;
  }
}
