import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Repository, isBelow } from './repository';
import { readTextFile } from '../util/read-text-file';

/** The package manager of a repository, with its commands. */
export interface PackageManager {
  name: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** Absolute path of the folder with the lockfile, in which packages are installed. */
  dir: string;
  /** Name of the lockfile, or null if there is none. */
  lockfile: string | null;
  /** The install command for CI, which fails rather than change the lockfile. */
  install: string;
  /** Returns the command that adds a development dependency. */
  addDev(name: string): string;
  /** Returns the command that runs a package script. */
  runScript(name: string): string;
  /** The prefix that runs an installed command, such as `npx`. */
  exec: string;
}

const LOCKFILES = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
] as const;

/** Returns the package manager of the nearest lockfile from the root up to the git root; npm if there is none. */
export function packageManagerOf({ root, gitRoot }: Pick<Repository, 'root' | 'gitRoot'>): PackageManager {
  for (let dir = root; isBelow(dir, gitRoot); dir = dirname(dir)) {
    const found = LOCKFILES.find(([file]) => existsSync(join(dir, file)));
    if (found) return describe(found[1], dir, found[0]);
    if (dirname(dir) === dir) break;
  }
  return describe('npm', root, null);
}

function describe(name: PackageManager['name'], dir: string, lockfile: string | null): PackageManager {
  const known = { name, dir, lockfile };
  switch (name) {
    case 'npm':
      return {
        ...known,
        install: lockfile === null ? 'npm install' : 'npm ci',
        addDev: (added) => `npm install --save-dev ${added}`,
        runScript: (script) => `npm run ${script}`,
        exec: 'npx',
      };
    case 'pnpm':
      return {
        ...known,
        install: 'pnpm install --frozen-lockfile',
        addDev: (added) =>
          `pnpm add --save-dev ${existsSync(join(dir, 'pnpm-workspace.yaml')) ? '-w ' : ''}${added}`,
        runScript: (script) => `pnpm run ${script}`,
        exec: 'pnpm exec',
      };
    case 'yarn':
      return {
        ...known,
        install: isYarnClassic(dir) ? 'yarn install --frozen-lockfile' : 'yarn install --immutable',
        addDev: (added) => `yarn add --dev ${added}`,
        runScript: (script) => `yarn run ${script}`,
        // `yarn replay` would run the package script of that name.
        exec: 'npx',
      };
    case 'bun':
      return {
        ...known,
        install: 'bun install --frozen-lockfile',
        addDev: (added) => `bun add --dev ${added}`,
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
