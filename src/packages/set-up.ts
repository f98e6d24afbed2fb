import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesFrom } from '../util/directories-from';
import { readTextFile } from '../util/read-text-file';
import { readManifest } from './manifest';
import { type PackageManager, packageManagerOf } from './package-manager';
import { examineSdk } from './sdk-problems';
import { OLDEST_SDK, isOlder } from './supported-sdk';
import { WORKER, findTemporalPackages, locatePackage } from './temporal-packages';

/** The install that a repository needs before anything can be fetched and replayed. */
export interface SetUp {
  /** The one command that installs this package and what it lacks of the SDK; null if all of it is installed. */
  command: string | null;
  /** A problem of the SDK that the command does not mend, in a sentence with its remedy; null if there is none. */
  problem: string | null;
}

/** The packages that `replay fetch` and `replay run` need. A test needs `@temporalio/testing` too, as it says itself. */
const NEEDED = [WORKER, '@temporalio/client', '@temporalio/envconfig'];

/**
 * Returns the install for a repository in which nothing may be installed yet. The versions are those of the service's SDK: as it is
 * installed, as the lockfile has it, or as package.json asks for it.
 *
 * @param root the directory in which this package is installed
 * @param services the directories of packages that have workers or workflows
 * @param others the directories of other packages of the repository
 */
export function setUpOf(root: string, services: readonly string[], others: readonly string[] = []): SetUp {
  const manager = packageManagerOf(root);
  const missing = NEEDED.filter((name) => isMissing(name, { root, services, others, manager }));
  const directories = [...services, root, ...others];
  const listed = versionsListedIn(directories);
  const installed = directories.find((directory) => locatePackage(WORKER, directory) !== null);
  const version =
    (installed !== undefined ? installedVersion(installed) : lockedVersion(manager)) ??
    rangeIn(listed.get(WORKER) ?? [...listed.values()][0]) ??
    '1';
  const wanted = missing.map((name) => `${name}@${version}`);
  const own = isOwnPackageIn(root) ? [] : ['temporal-replay'];
  return {
    command: own.length + wanted.length === 0 ? null : manager.addDev(...own, ...wanted.map(shellWord)),
    problem: installed !== undefined ? problemOf(installed) : tooOld(version),
  };
}

interface Search {
  root: string;
  services: readonly string[];
  others: readonly string[];
  manager: PackageManager;
}

/** Returns true if no install of what package.json lists brings a package along. */
function isMissing(name: string, { root, services, others, manager }: Search): boolean {
  // These managers put most packages where all others of a workspace find them, the client of a worker included.
  const isHoisted = manager.name === 'npm' || manager.name === 'bun';
  if (name === '@temporalio/client' && isHoisted) return false;
  // The workflow code finds the worker of its own package. All else is loaded from the directory of the command.
  const ofService = name === WORKER ? services : [];
  const from = [root, ...ofService, ...(isHoisted ? others : [])];
  return (
    !from.some((directory) => locatePackage(name, directory) !== null) && !versionsListedIn(from).has(name)
  );
}

/** Returns true if this package is installed. With Yarn's Plug'n'Play, it is what package.json lists that is installed. */
function isOwnPackageIn(root: string): boolean {
  return [...directoriesFrom(root)].some((directory) => {
    if (existsSync(join(directory, 'node_modules/temporal-replay/package.json'))) return true;
    const { dependencies, devDependencies } = readManifest(directory) ?? {};
    const isListed = 'temporal-replay' in { ...dependencies, ...devDependencies };
    return isListed && existsSync(join(directory, '.pnp.cjs'));
  });
}

const installedVersion = (directory: string): string | undefined =>
  findTemporalPackages(directory).packages.find(({ name }) => name === WORKER)?.version;

/** Returns the ranges of the SDK's packages that package.json files list, those around the directories included. */
function versionsListedIn(directories: readonly string[]): Map<string, string> {
  const listed = new Map<string, string>();
  for (const start of directories) {
    for (const directory of directoriesFrom(start)) {
      const manifest = readManifest(directory);
      for (const [name, range] of Object.entries({ ...manifest?.devDependencies, ...manifest?.dependencies }))
        if (name.startsWith('@temporalio/') && !listed.has(name)) listed.set(name, String(range));
    }
  }
  return listed;
}

/** Returns the version of the worker in a lockfile, or undefined. */
function lockedVersion({ dir, lockfile }: PackageManager): string | undefined {
  const text = lockfile === null ? null : readTextFile(join(dir, lockfile));
  if (text === null) return undefined;
  const forms = [
    // npm
    /"node_modules\/@temporalio\/worker":\s*\{\s*"version":\s*"(\d[^"]*)"/,
    // Yarn, from its first version on
    /@temporalio\/worker@[^\n]*:\n\s+version:? "?(\d[^"\n]*)/,
    // pnpm and bun
    /@temporalio\/worker@(\d+\.\d+\.\d+[\w.-]*)/,
  ];
  return forms.map((form) => form.exec(text)?.[1]).find((found) => found !== undefined);
}

/** Returns a range if a registry knows it, unlike `workspace:*` and `catalog:`. */
const rangeIn = (range: string | undefined): string | undefined =>
  range !== undefined && /^[\^~>=<\d]/.test(range) ? range : undefined;

const shellWord = (text: string): string => (/^[\w@/.^~-]+$/.test(text) ? text : `'${text}'`);

function problemOf(directory: string): string | null {
  const { problems, remedy } = examineSdk(directory, { needs: [] });
  return problems.length === 0 ? null : `${problems.map(({ text }) => text).join(' ')} ${remedy}`;
}

function tooOld(version: string): string | null {
  const exact = /^[\^~]?(\d+\.\d+\.\d+)/.exec(version);
  // A range with a caret also allows versions that are new enough.
  if (!exact || version.startsWith('^') || !isOlder(exact[1]!, OLDEST_SDK)) return null;
  return `The Temporal SDK is too old: package.json asks for ${version}, and ${OLDEST_SDK} or newer is needed. Upgrade all @temporalio packages at once.`;
}
