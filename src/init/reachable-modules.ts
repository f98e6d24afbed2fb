import { importedModules } from '../source/imports';
import type { ModuleReader } from '../source/module-reader';
import type { Repository } from './repository';
import { sourceOfImport } from './source-of-module';

/** Returns the files that modules load, directly and through others, and the modules themselves. */
export function reachableFrom(
  entries: readonly string[],
  repository: Repository,
  read: ModuleReader,
): Set<string> {
  const reached = new Set(entries);
  for (const path of reached) {
    const module = read(path);
    for (const specifier of module === null ? [] : importedModules(module)) {
      const source = sourceOfImport(specifier, path, repository);
      if (source !== null) reached.add(source);
    }
  }
  return reached;
}
