import { resolve, sep } from 'node:path';
import { isInPackage } from '../source/own-source';

/** The directory of this package's own code. */
const OWN = resolve(__dirname, '..') + sep;

/** Returns the user's own files that `require` knows, among them each that jiti has compiled. */
export const loadedFiles = (): string[] =>
  Object.keys(require.cache).filter((path) => !isInPackage(path) && !path.startsWith(OWN));

/** Forgets the user's own modules if one of these files is among them, so that their next use loads them again. */
export function forgetLoadedFiles(changed: ReadonlySet<string>): void {
  const loaded = loadedFiles();
  if (loaded.some((path) => changed.has(path))) for (const path of loaded) delete require.cache[path];
}
