import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A package of the Temporal SDK on disk. */
export interface TemporalPackage {
  /** `@temporalio/worker`. */
  name: string;
  version: string;
  /** Directory, with symbolic links resolved. */
  path: string;
}

export interface TemporalPackages {
  /** What code in the directory gets, by name. */
  packages: TemporalPackage[];
  /** Packages of which more than one copy can be loaded; each with all its copies. */
  duplicates: { name: string; copies: TemporalPackage[] }[];
  /** Packages that a replay needs and that the directory does not have. */
  missing: string[];
}

const SCOPE = '@temporalio';
/** Those that share classes and protobuf types with each other, so that a second copy matters. */
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
/** Peers of this package. */
const REQUIRED = ['client', 'common', 'envconfig', 'proto', 'testing', 'worker'];

/**
 * The Temporal packages that code in a directory loads, and whether any of them loads another copy of a package than
 * its neighbours: two copies of `common` or `proto` break `instanceof` and protobuf types in obscure ways. Quick, as it
 * only asks where each package finds each other one.
 *
 * @param options.deep also finds copies that only other dependencies load, by reading every nested `node_modules`
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

  // This package's own peers are loaded too: linked into a service, it can bring copies of its own.
  const queue = [fromDir, realpathSync(__dirname)];
  for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
    for (const short of NAMES) {
      const location = locate(`${SCOPE}/${short}`, directory);
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
  const names = new Set(packages.map(({ name }) => name));
  const missing = REQUIRED.map((short) => `${SCOPE}/${short}`).filter((name) => !names.has(name));
  return { packages, duplicates, missing };
}

/**
 * What to do about several copies. npm gives a service that lacks a peer the newest version of it, which brings all its
 * own packages along: `npm dedupe` cannot join those with the older ones of the service.
 */
export function remedyForDuplicates({ packages }: TemporalPackages): string {
  const version = packages.find(({ name }) => name === `${SCOPE}/worker`)?.version;
  const others = packages.filter((found) => found.version !== version);
  if (version === undefined || others.length === 0)
    return 'Run `npm dedupe`, or pin all @temporalio packages to one version.';
  const wanted = others.map(({ name }) => `${name}@${version}`).join(' ');
  return `Use the version of your worker for all of them: npm install --save-dev ${wanted}`;
}

/** Directory of a package as seen from another directory. */
function locate(name: string, fromDir: string): string | null {
  for (let directory = fromDir; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(directory) === directory) break;
  }
  try {
    // Where packages are not in directories of that name: Yarn's Plug'n'Play.
    return dirname(createRequire(join(fromDir, 'noop.js')).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
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

/** Every `@temporalio/…` below the nearest `node_modules`. Links are not followed: pnpm's store is not one service's. */
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
  for (let directory = fromDir; ; directory = dirname(directory)) {
    const modules = join(directory, 'node_modules');
    if (existsSync(modules)) {
      visit(modules);
      return result;
    }
    if (dirname(directory) === directory) return result;
  }
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
