import { isAbsolute, relative, sep } from 'node:path';
import type { SourceLocation } from '../model/source';

/** Returns a file relative to a directory, with forward slashes, if it lies inside; else as it is. Reports have this form. */
export function relativeFile(file: string, cwd: string): string {
  const path = relative(cwd, file);
  const isInside = path !== '' && !path.startsWith('..') && !isAbsolute(path);
  return isInside ? path.split(sep).join('/') : file;
}

/** Returns a location with its file as in {@link relativeFile}. */
export const relativeLocation = (location: SourceLocation, cwd: string): SourceLocation => ({
  ...location,
  file: relativeFile(location.file, cwd),
});
