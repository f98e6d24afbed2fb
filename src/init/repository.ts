import { basename, dirname, relative, sep } from 'node:path';
import { gitRootOf } from '../util/git-root';
import { type JsonObject, readJsonFile } from '../util/json-file';
import { listSourceFiles, posix } from './source-files';
import { type TsConfig, tsConfigsIn } from './tsconfig';

/** A package of the repository: a folder with a package.json. */
export interface Package {
  /** Absolute path. */
  dir: string;
  /** The name in package.json, or null if there is none. */
  name: string | null;
  json: JsonObject;
}

/** The files, packages and tsconfigs of a repository. */
export interface Repository {
  /** Absolute path of the directory for the config. */
  root: string;
  /** The folder of `.git`, at or above the root, or the root if there is none. */
  gitRoot: string;
  sources: readonly string[];
  packages: readonly Package[];
  tsConfigs(directory: string): readonly TsConfig[];
}

export async function readRepository(root: string): Promise<Repository> {
  const { sources, packages } = await listSourceFiles(root);
  const tsConfigs = new Map<string, readonly TsConfig[]>();
  return {
    root,
    gitRoot: gitRootOf(root) ?? root,
    sources,
    packages: packages.flatMap((path) => readPackage(path) ?? []),
    tsConfigs: (directory) => {
      const known = tsConfigs.get(directory) ?? tsConfigsIn(directory);
      tsConfigs.set(directory, known);
      return known;
    },
  };
}

function readPackage(path: string): Package | null {
  const json = readJsonFile(path);
  if (json === null) return null;
  const name = json['name'];
  return { dir: dirname(path), name: typeof name === 'string' ? name : null, json };
}

/** Returns a path relative to the root, with slashes, as in config files and messages. */
export const fromRoot = (path: string, { root }: Pick<Repository, 'root'>): string =>
  posix(relative(root, path)) || '.';

/** Returns the innermost package that a file lies in. */
export function packageOf(file: string, { packages }: Pick<Repository, 'packages'>): Package | null {
  const around = packages.filter(({ dir }) => isBelow(file, dir));
  return around.sort((a, b) => b.dir.length - a.dir.length)[0] ?? null;
}

export const isBelow = (path: string, dir: string): boolean => path === dir || path.startsWith(dir + sep);

/** Returns the name of a package without its scope, or that of its folder. */
export const shortName = ({ name, dir }: Package): string => name?.split('/').pop() ?? basename(dir);
