import { existsSync, readdirSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type TsConfigJsonResolved,
  createFilesMatcher,
  createPathsMatcher,
  parseTsconfig,
} from 'get-tsconfig';
import { directoriesFrom } from './directories-from';
import { readJsonFile } from './json-file';

export type CompilerOptions = NonNullable<TsConfigJsonResolved['compilerOptions']>;

/** A tsconfig file, merged with those that it extends. Paths are absolute. */
export interface TsConfigFile {
  path: string;
  /** Its content, with that of the files that it extends. */
  resolved: TsConfigJsonResolved;
  compilerOptions: CompilerOptions;
  /** The file itself and those that it extends. */
  files: readonly string[];
  /** False if a file that it extends cannot be read, as before an install. It then stands for itself. */
  isComplete: boolean;
  /**
   * Returns the paths, without their extensions, that `paths` and `baseUrl` give for a module's name, the most specific first.
   * There are none for relative paths and for modules of Node.
   */
  pathsOf(specifier: string): readonly string[];
}

/** The tsconfig file of a source file. */
export interface FoundTsConfig {
  /** Its merged content; null if there is no such file that can be read. */
  config: TsConfigFile | null;
  /** Every tsconfig file that it follows from. */
  files: readonly string[];
  /** Paths at which no tsconfig file was found. One that appears there would take precedence. */
  absent: readonly string[];
}

/** Names of tsconfig files in the order in which editors look for them. */
const NAMES = ['tsconfig.json', 'jsconfig.json'];

/** Finds the tsconfig files of source files. Each file is read once. */
export class TsConfigFiles {
  private readonly byPath = new Map<string, TsConfigFile | null>();
  /** Paths of the tsconfig files by other names, by directory. */
  private readonly otherNames = new Map<string, string[]>();
  private readonly byFile = new Map<string, FoundTsConfig>();
  private readonly byDirectory = new Map<string, { nearest: TsConfigFile | null; absent: string[] }>();

  /**
   * Returns the nearest `tsconfig.json` or `jsconfig.json` of a source file, above it. If that does not include the file, it is the
   * tsconfig that does: of a project that it references, or else one by another name in these directories, such as
   * `tsconfig.worker.json`.
   */
  of(file: string): FoundTsConfig {
    const known = this.byFile.get(file);
    if (known) return known;
    const { nearest, absent } = this.nearestOf(dirname(file));
    const better = (nearest && this.referencedBy(nearest, file)) ?? this.namedOtherwise(nearest, file);
    const files = [...(nearest?.files ?? []), ...(better?.files ?? [])];
    const found = { config: better ?? nearest, files, absent };
    this.byFile.set(file, found);
    return found;
  }

  /** Returns the paths of the tsconfig files that were read and extend a file that cannot be read. */
  incomplete(): string[] {
    return [...this.byPath.values()].flatMap((config) => (config?.isComplete === false ? config.path : []));
  }

  private nearestOf(directory: string): { nearest: TsConfigFile | null; absent: string[] } {
    const known = this.byDirectory.get(directory);
    if (known) return known;
    const paths = NAMES.map((name) => join(directory, name));
    const present = paths.findIndex((path) => existsSync(path));
    const parent = dirname(directory);
    const above = present >= 0 || parent === directory ? null : this.nearestOf(parent);
    const found = {
      nearest: present >= 0 ? this.read(paths[present]!) : (above?.nearest ?? null),
      absent: present >= 0 ? paths.slice(0, present) : [...paths, ...(above?.absent ?? [])],
    };
    this.byDirectory.set(directory, found);
    return found;
  }

  /** Returns the tsconfig of the referenced project that includes a file, if the given one does not include it. */
  private referencedBy(
    config: TsConfigFile,
    file: string,
    seen = new Set([config.path]),
  ): TsConfigFile | null {
    const { references } = config.resolved;
    if (!Array.isArray(references) || includes(config, file)) return null;
    for (const { path: given } of references as { path?: unknown }[]) {
      if (typeof given !== 'string') continue;
      const path = fileOfReference(resolve(dirname(config.path), given));
      if (seen.has(path)) continue;
      seen.add(path);
      const referenced = this.read(path);
      if (!referenced) continue;
      if (includes(referenced, file)) return referenced;
      const deeper = this.referencedBy(referenced, file, seen);
      if (deeper) return deeper;
    }
    return null;
  }

  /** Returns the tsconfig by another name that includes a file, in the directories up to the given one, if that does not include it. */
  private namedOtherwise(nearest: TsConfigFile | null, file: string): TsConfigFile | null {
    if (nearest && includes(nearest, file)) return null;
    for (const directory of directoriesFrom(dirname(file))) {
      const configs = this.othersIn(directory).flatMap((path) => this.read(path) ?? []);
      const found = configs.find((config) => includes(config, file));
      if (found || (nearest && dirname(nearest.path) === directory)) return found ?? null;
    }
    return null;
  }

  private othersIn(directory: string): string[] {
    const known = this.otherNames.get(directory);
    if (known) return known;
    const names = namesIn(directory).filter((name) => /^tsconfig\..+\.json$/.test(name));
    const paths = names.sort().map((name) => join(directory, name));
    this.otherNames.set(directory, paths);
    return paths;
  }

  private read(path: string): TsConfigFile | null {
    const known = this.byPath.get(path);
    if (known !== undefined) return known;
    const read = readTsConfig(path);
    this.byPath.set(path, read);
    return read;
  }
}

/** Reads a tsconfig file. Returns null if it is not there or is no JSON object. */
export function readTsConfig(path: string): TsConfigFile | null {
  const own = readJsonFile(path);
  if (own === null) return null;
  const filesRead = new Map<string, string>();
  let resolved: TsConfigJsonResolved;
  let isComplete = true;
  try {
    resolved = parseTsconfig(path, filesRead);
  } catch {
    const { extends: _, ...withoutBases } = own;
    resolved = withoutBases;
    isComplete = false;
  }
  const matchPaths = pathsMatcherOf(path, resolved);
  return {
    path,
    resolved,
    isComplete,
    compilerOptions: resolved.compilerOptions ?? {},
    files: [...new Set([path, ...pathsIn(filesRead)])],
    pathsOf: (specifier) => (isBuiltin(specifier) ? [] : (matchPaths?.(specifier) ?? [])),
  };
}

/** Returns the files that get-tsconfig has read: the keys of its cache are `readFileSync:<path>:utf8`. */
const pathsIn = (filesRead: ReadonlyMap<string, string>): string[] =>
  [...filesRead.keys()].flatMap((key) => /^readFileSync:(.+):utf8$/.exec(key)?.[1] ?? []);

/** Returns null where there are no paths, or some that TypeScript itself would refuse. */
function pathsMatcherOf(path: string, config: TsConfigJsonResolved): ReturnType<typeof createPathsMatcher> {
  try {
    return createPathsMatcher({ path, config });
  } catch {
    return null;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function includes({ path, resolved }: TsConfigFile, file: string): boolean {
  try {
    return createFilesMatcher({ path, config: resolved })(file) !== undefined;
  } catch {
    return false;
  }
}

/** A reference names a tsconfig file, or the directory of one. */
const fileOfReference = (path: string): string =>
  (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? basename(path).indexOf('.') < 0)
    ? join(path, 'tsconfig.json')
    : path;
