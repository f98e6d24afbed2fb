import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesFrom } from '../util/directories-from';
import { gitRootOf } from '../util/git-root';
import { readTextFile } from '../util/read-text-file';
import { type Manifest, readManifest } from './manifest';

type Name = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** The package manager of a repository, with its commands. */
export interface PackageManager {
  name: Name;
  /** Absolute path of the folder with the lockfile, in which packages are installed. */
  dir: string;
  /** Name of the lockfile, or null if there is none. */
  lockfile: string | null;
  /** The install command for CI, which fails rather than change the lockfile. */
  install: string;
  /** Returns the command that adds dependencies for development. */
  addDev(...names: string[]): string;
  /** Returns the command that sets the versions of dependencies, where package.json has them. */
  setVersions(...names: string[]): string;
  /** The command that joins copies of the same package, or null if there is none. */
  dedupe: string | null;
  /** Returns the command that runs a package script. */
  runScript(name: string): string;
  /** The prefix that runs an installed command, such as `npx`. */
  exec: string;
}

const LOCKFILES: readonly (readonly [string, Name])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

export const LOCKFILE_NAMES: readonly string[] = LOCKFILES.map(([name]) => name);

/**
 * Returns the package manager of a directory: the one that the nearest package.json names or whose lockfile is nearest, up to the
 * root of the git repository or of the workspace; else the one that runs this process; else npm.
 */
export function packageManagerOf(directory: string): PackageManager {
  const gitRoot = gitRootOf(directory);
  for (const dir of directoriesFrom(directory)) {
    const manifest = readManifest(dir);
    if (dir === directory || gitRoot !== null || isWorkspaceRoot(dir, manifest)) {
      const lockfile = LOCKFILES.find(([file]) => existsSync(join(dir, file)));
      const name = namedBy(manifest) ?? lockfile?.[1];
      if (name !== undefined) {
        const isRoot = dir === directory && isWorkspaceRoot(dir, manifest);
        return describe(name, dir, { lockfile: lockfile?.[1] === name ? lockfile[0] : null, isRoot });
      }
    }
    if (dir === gitRoot) break;
  }
  return describe(nameOf(process.env['npm_config_user_agent']) ?? 'npm', directory, {
    lockfile: null,
    isRoot: false,
  });
}

/** Returns true for a directory in which packages are installed: it has a lockfile or is the root of a workspace. */
export const hasOwnInstall = (dir: string): boolean =>
  LOCKFILES.some(([file]) => existsSync(join(dir, file))) || isWorkspaceRoot(dir, readManifest(dir));

const isWorkspaceRoot = (dir: string, manifest: Manifest | null): boolean =>
  manifest?.workspaces !== undefined || existsSync(join(dir, 'pnpm-workspace.yaml'));

const namedBy = (manifest: Manifest | null): Name | undefined =>
  nameOf(manifest?.packageManager) ?? nameOf(manifest?.devEngines?.packageManager?.name);

/** Returns the name at the start of `pnpm@10.1.0` or `pnpm/10.1.0 npm/? node/v22`. */
function nameOf(text: unknown): Name | undefined {
  const name = typeof text === 'string' ? /^\w+/.exec(text)?.[0] : undefined;
  return (['npm', 'pnpm', 'yarn', 'bun'] as const).find((known) => known === name);
}

/** Describes a package manager. `isRoot`: packages are added to the root of a workspace, which some want to be told. */
function describe(
  name: Name,
  dir: string,
  { lockfile, isRoot }: { lockfile: string | null; isRoot: boolean },
): PackageManager {
  const known = { name, dir, lockfile };
  switch (name) {
    case 'npm':
      return {
        ...known,
        install: lockfile === null ? 'npm install' : 'npm ci',
        addDev: (...names) => `npm install --save-dev ${names.join(' ')}`,
        setVersions: (...names) => `npm install ${names.join(' ')}`,
        dedupe: 'npm dedupe',
        runScript: (script) => `npm run ${script}`,
        exec: 'npx',
      };
    case 'pnpm': {
      const workspace = isRoot ? '-w ' : '';
      return {
        ...known,
        install: 'pnpm install --frozen-lockfile',
        addDev: (...names) => `pnpm add --save-dev ${workspace}${names.join(' ')}`,
        setVersions: (...names) => `pnpm add ${workspace}${names.join(' ')}`,
        dedupe: 'pnpm dedupe',
        runScript: (script) => `pnpm run ${script}`,
        exec: 'pnpm exec',
      };
    }
    case 'yarn': {
      const isClassic = isYarnClassic(dir);
      const workspace = isRoot && isClassic ? '-W ' : '';
      return {
        ...known,
        install: isClassic ? 'yarn install --frozen-lockfile' : 'yarn install --immutable',
        addDev: (...names) => `yarn add --dev ${workspace}${names.join(' ')}`,
        setVersions: (...names) => `yarn ${isClassic ? 'upgrade' : 'add'} ${names.join(' ')}`,
        dedupe: isClassic ? 'npx yarn-deduplicate' : 'yarn dedupe',
        runScript: (script) => `yarn run ${script}`,
        // `yarn replay` would run the package script of that name, and npx finds nothing where there is no node_modules.
        exec: isClassic ? 'npx' : 'yarn exec',
      };
    }
    case 'bun':
      return {
        ...known,
        install: 'bun install --frozen-lockfile',
        addDev: (...names) => `bun add --dev ${names.join(' ')}`,
        setVersions: (...names) => `bun add ${names.join(' ')}`,
        dedupe: null,
        runScript: (script) => `bun run ${script}`,
        exec: 'bunx',
      };
  }
}

const isYarnClassic = (dir: string): boolean =>
  /^# yarn lockfile v1$/m.test(readTextFile(join(dir, 'yarn.lock')) ?? '');

/** Returns the version of pnpm for CI, by the format of the lockfile, or null if package.json names a version. */
export function pnpmVersion(dir: string): number | null {
  if (/"packageManager"\s*:\s*"pnpm@/.test(readTextFile(join(dir, 'package.json')) ?? '')) return null;
  const lockfileVersion = /^lockfileVersion:\s*'?(\d+)/m.exec(
    readTextFile(join(dir, 'pnpm-lock.yaml')) ?? '',
  )?.[1];
  return { '5': 7, '6': 8 }[lockfileVersion ?? ''] ?? 10;
}
