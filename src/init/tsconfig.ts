import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Json, type JsonObject, isObject, readJsonFile } from './json-file';

/** What a tsconfig says of where sources are; paths are absolute. */
export interface TsConfig {
  path: string;
  rootDir: string | null;
  outDir: string | null;
  /** Pattern of a module's name to the places that it may stand for. */
  paths: ReadonlyMap<string, readonly string[]>;
  /** Whether it compiles a file that lies directly in its own folder, and writes output. */
  emitsOwnFolder: boolean;
}

const MAX_EXTENDS = 8;

/** The tsconfig files (`tsconfig.json`, `tsconfig.build.json` …) of a folder. */
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
  const chain = chainOf(path, MAX_EXTENDS);
  const own = chain[0];
  if (own === undefined) return null;
  const option = (name: string): { value: Json; dir: string } | null => {
    for (const { json, dir } of chain) {
      const options = json['compilerOptions'];
      if (isObject(options) && options[name] !== undefined) return { value: options[name]!, dir };
    }
    return null;
  };
  const directory = (name: string): string | null => {
    const found = option(name);
    return typeof found?.value === 'string' ? resolve(found.dir, found.value) : null;
  };
  return {
    path,
    rootDir: directory('rootDir'),
    outDir: directory('outDir'),
    paths: pathsOf(option('paths'), directory('baseUrl')),
    emitsOwnFolder: option('noEmit')?.value !== true && includesOwnFolder(chain),
  };
}

/** A tsconfig and what it extends, nearest first; those of npm packages say nothing of folders here. */
function chainOf(path: string, left: number): { json: JsonObject; dir: string }[] {
  const json = left > 0 ? readJsonFile(path) : null;
  if (json === null) return [];
  const dir = dirname(path);
  const bases = [json['extends']].flat().filter((base) => typeof base === 'string');
  const inherited = bases.reverse().flatMap((base) => {
    if (!base.startsWith('.') && !isAbsolute(base)) return [];
    const named = resolve(dir, base);
    return chainOf(existsSync(named) && named.endsWith('.json') ? named : `${named}.json`, left - 1);
  });
  return [{ json, dir }, ...inherited];
}

function pathsOf(
  found: { value: Json; dir: string } | null,
  baseUrl: string | null,
): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  if (found === null || !isObject(found.value)) return paths;
  for (const [pattern, targets] of Object.entries(found.value)) {
    if (!Array.isArray(targets)) continue;
    const places = targets.filter((target) => typeof target === 'string');
    paths.set(
      pattern,
      places.map((target) => resolve(baseUrl ?? found.dir, target)),
    );
  }
  return paths;
}

/** Without `include`, TypeScript takes in all below the tsconfig's folder. */
function includesOwnFolder(chain: readonly { json: JsonObject }[]): boolean {
  const named = chain.find(({ json }) => json['include'] !== undefined || json['files'] !== undefined);
  if (named === undefined) return true;
  const include = named.json['include'];
  return (
    Array.isArray(include) &&
    include.some((pattern) => typeof pattern === 'string' && /^(\.\/)?(\*|\.?$|\.\/?$)/.test(pattern))
  );
}
