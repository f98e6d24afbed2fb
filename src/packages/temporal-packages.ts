import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { directoriesFrom } from '../util/directories-from';

/** A package of the Temporal SDK on disk. */
export interface TemporalPackage {
  /** `@temporalio/worker`. */
  name: string;
  version: string;
  /** Directory of the package, with symbolic links resolved. */
  path: string;
}

export interface TemporalPackages {
  /** The copies that code in the directory loads. */
  packages: TemporalPackage[];
  /** Packages of which more than one copy can be loaded, with all their copies. */
  duplicates: { name: string; copies: TemporalPackage[] }[];
}

const SCOPE = '@temporalio';
export const WORKER = `${SCOPE}/worker`;
/** The packages that share classes and protobuf types, so that a second copy does harm. */
const NAMES = [
  'worker',
  'client',
  'workflow',
  'common',
  'proto',
  'activity',
  'core-bridge',
  'nexus',
  'testing',
  'envconfig',
];

/**
 * Finds the Temporal packages that code in a directory loads, and the copies of the same packages that they load
 * themselves: two copies of `common` or `proto` break `instanceof` and protobuf types in obscure ways. It is quick, since
 * it only resolves each package from each other one.
 *
 * @param options.deep also find copies that only other dependencies load, by reading every nested `node_modules`
 */
export function findTemporalPackages(fromDir: string, options: { deep?: boolean } = {}): TemporalPackages {
  const copies = new Map<string, Map<string, TemporalPackage>>();
  const packages: TemporalPackage[] = [];
  const found = (directory: string): TemporalPackage | null => {
    const known = readPackage(directory);
    if (known === null) return null;
    const byPath = copies.get(known.name) ?? new Map<string, TemporalPackage>();
    copies.set(known.name, byPath);
    const isNew = !byPath.has(known.path);
    byPath.set(known.path, known);
    return isNew ? known : null;
  };

  const queue = [fromDir];
  for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
    for (const short of NAMES) {
      const location = locatePackage(`${SCOPE}/${short}`, directory);
      if (location === null) continue;
      const fresh = found(location);
      if (fresh !== null) queue.push(fresh.path);
      if (directory === fromDir) packages.push(readPackage(location)!);
    }
  }
  if (options.deep) for (const directory of nestedCopies(fromDir)) found(directory);

  const duplicates = [...copies]
    .filter(([, byPath]) => byPath.size > 1)
    .map(([name, byPath]) => ({
      name,
      copies: [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { packages, duplicates };
}

/**
 * Returns the directory of a package, with symbolic links resolved, as code in another directory loads it. Returns null if it cannot
 * be found.
 */
export function locatePackage(name: string, fromDir: string): string | null {
  for (const directory of directoriesFrom(fromDir)) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  }
  try {
    // With Yarn's Plug'n'Play, packages are not in directories of that name.
    return dirname(createRequire(join(fromDir, 'noop.js')).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

/** Returns the version of a package that code in a directory loads; null if it cannot be found. */
export function versionLoadedFrom(fromDir: string, name: string): string | null {
  const location = locatePackage(name, fromDir);
  return (location && readPackage(location)?.version) ?? null;
}

function readPackage(directory: string): TemporalPackage | null {
  try {
    const { name, version } = JSON.parse(
      readFileSync(join(directory, 'package.json'), 'utf8'),
    ) as TemporalPackage;
    return { name, version, path: realpathSync(directory) };
  } catch {
    return null;
  }
}

/** Returns every Temporal package below the nearest `node_modules`. Links are not followed, since pnpm's store is shared. */
function nestedCopies(fromDir: string): string[] {
  const result: string[] = [];
  const visit = (modules: string): void => {
    for (const entry of directories(modules)) {
      const path = join(modules, entry);
      if (entry.startsWith('@')) {
        for (const inner of directories(path)) {
          if (entry === SCOPE && NAMES.includes(inner)) result.push(join(path, inner));
          visit(join(path, inner, 'node_modules'));
        }
      } else if (!entry.startsWith('.')) {
        visit(join(path, 'node_modules'));
      }
    }
  };
  const nearest = [...directoriesFrom(fromDir)]
    .map((directory) => join(directory, 'node_modules'))
    .find((modules) => existsSync(modules));
  if (nearest !== undefined) visit(nearest);
  return result;
}

function directories(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
