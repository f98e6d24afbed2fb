import { readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { type TsConfigJsonResolved, createPathsMatcher, parseTsconfig } from 'get-tsconfig';
import { readJsonFile } from './json-file';

/** The facts of a tsconfig file that lead from compiled files and imports to sources. Paths are absolute. */
export interface TsConfig {
  rootDir: string | null;
  outDir: string | null;
  /** Returns the paths that `paths` and `baseUrl` give for a module's name, the most specific first. */
  pathsOf(specifier: string): readonly string[];
  /** True if it compiles a file that lies directly in its own folder, and writes output. */
  emitsOwnFolder: boolean;
}

/** Reads the tsconfig files (`tsconfig.json`, `tsconfig.build.json` …) of a folder, `tsconfig.json` first. */
export function tsConfigsIn(directory: string): TsConfig[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^tsconfig(\..+)?\.json$/.test(name))
    .sort((a, b) => Number(b === 'tsconfig.json') - Number(a === 'tsconfig.json') || (a < b ? -1 : 1))
    .flatMap((name) => readTsConfig(join(directory, name)) ?? []);
}

function readTsConfig(path: string): TsConfig | null {
  const config = parseWithBases(path);
  if (config === null) return null;
  const { rootDir, outDir, noEmit } = config.compilerOptions ?? {};
  const directory = (given: string | undefined): string | null =>
    typeof given === 'string' ? resolve(dirname(path), given) : null;
  const matchPaths = pathsMatcherOf(path, config);
  return {
    rootDir: directory(rootDir),
    outDir: directory(outDir),
    pathsOf: (specifier) => matchPaths?.(specifier) ?? [],
    emitsOwnFolder: noEmit !== true && includesOwnFolder(config),
  };
}

/** Merges a tsconfig with those that it extends. One whose base is not there, as before an install, stands for itself. */
function parseWithBases(path: string): TsConfigJsonResolved | null {
  const own = readJsonFile(path);
  if (own === null) return null;
  try {
    return parseTsconfig(path);
  } catch {
    const { extends: _, ...config } = own;
    return config;
  }
}

/** Returns null where there are no paths, or some that TypeScript itself would refuse. */
function pathsMatcherOf(path: string, config: TsConfigJsonResolved): ReturnType<typeof createPathsMatcher> {
  try {
    return createPathsMatcher({ path, config });
  } catch {
    return null;
  }
}

/** Returns true if `include` covers the tsconfig's own folder, as it does by default. */
function includesOwnFolder({ include, files }: TsConfigJsonResolved): boolean {
  if (include === undefined && files === undefined) return true;
  const patterns = Array.isArray(include) ? include.filter((pattern) => typeof pattern === 'string') : [];
  return patterns.some((pattern) => /^\.?\/?($|\*)/.test(posix.normalize(pattern)));
}
