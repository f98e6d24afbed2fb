import { isAbsolute, relative, resolve } from 'node:path';
import { locateModule } from '../util/locate-module';
import type { OptionRow, OptionTable, PathKind } from './option-row';

/** Directory of a config file, and the directory of the run. */
export interface Directories {
  configDir: string;
  cwd: string;
}

/**
 * Returns options of a config file with the paths that are relative to its directory made absolute. Patterns are made relative to
 * the directory of the run instead, so that reports read the same on every machine.
 */
export function withPathsOfFile<T extends object>(
  options: T,
  table: OptionTable,
  directories: Directories,
): T {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, withPaths(value, table[name], directories)]),
  ) as T;
}

function withPaths(value: unknown, row: OptionRow | undefined, directories: Directories): unknown {
  if (value === undefined || row === undefined) return value;
  if (row.fields && Array.isArray(value))
    return value.map((item: object) => withPathsOfFile(item, row.fields!, directories));
  if (row.fields) return withPathsOfFile(value as object, row.fields, directories);
  if (row.path?.relativeTo !== 'config file') return value;
  const { kind } = row.path;
  if (Array.isArray(value)) return value.map((path: string) => pathOfFile(path, kind, directories));
  return typeof value === 'string' ? pathOfFile(value, kind, directories) : value;
}

function pathOfFile(path: string, kind: PathKind['kind'], { configDir, cwd }: Directories): string {
  switch (kind) {
    case 'file':
      return resolve(configDir, path);
    case 'module':
      // A module that cannot be found stays a path: it is refused later if it is used at all.
      return locateModule(path, configDir) ?? resolve(configDir, path);
    case 'pattern':
      return path === '-' || isAbsolute(path) ? path : relative(cwd, resolve(configDir, path)) || '.';
  }
}
