import { readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { type TsConfigFile, readTsConfig } from '../util/tsconfig-of-file';

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
    .flatMap((name) => factsOf(readTsConfig(join(directory, name))) ?? []);
}

function factsOf(file: TsConfigFile | null): TsConfig | null {
  if (file === null) return null;
  const { rootDir, outDir, noEmit } = file.compilerOptions;
  const directory = (given: string | undefined): string | null =>
    typeof given === 'string' ? resolve(dirname(file.path), given) : null;
  return {
    rootDir: directory(rootDir),
    outDir: directory(outDir),
    pathsOf: file.pathsOf,
    emitsOwnFolder: noEmit !== true && includesOwnFolder(file.resolved),
  };
}

/** Returns true if `include` covers the tsconfig's own folder, as it does by default. */
function includesOwnFolder({ include, files }: TsConfigFile['resolved']): boolean {
  if (include === undefined && files === undefined) return true;
  const patterns = Array.isArray(include) ? include.filter((pattern) => typeof pattern === 'string') : [];
  return patterns.some((pattern) => /^\.?\/?($|\*)/.test(posix.normalize(pattern)));
}
