import { existsSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { LOCKFILE_NAMES } from '../packages/package-manager';
import { namedModules } from '../source/imports';
import { isInPackage } from '../source/own-source';
import { parseSource } from '../source/parse';
import { directoriesFrom } from '../util/directories-from';
import { isFile } from '../util/file-kind';
import { readTextFile } from '../util/read-text-file';
import { TsConfigFiles } from '../util/tsconfig-of-file';
import { loadedFiles } from './loaded-files';

/*
 * The files that a module of the user is made of, so that what its functions do can be identified by the content of files. A file
 * that the code reads by itself is not among them, and neither are the files of packages: the lock file stands for these.
 */

const CODE = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];
const EXTENSIONS = [...CODE, '.json'];

/**
 * Returns the files of loaded modules: those that they import, directly or through others, and every other file of the user that
 * this process has loaded, of which a module may have imported some by a computed name. The lock files above them are included.
 * Returns null if an import leads to no file, or a file cannot be parsed.
 */
export function sourcesOfModules(paths: readonly string[]): string[] | null {
  const { files, isComplete } = importedFiles(paths);
  if (!isComplete) return null;
  const loaded = loadedFiles().filter((path) => existsSync(path));
  return [...new Set([...files, ...loaded, ...lockFilesAbove(paths)])].sort();
}

/** Returns the modules and the files that they import, directly or through others, as far as these are known. */
export function importedFiles(paths: readonly string[]): { files: string[]; isComplete: boolean } {
  const files = new Set<string>();
  const tsConfigs = new TsConfigFiles();
  const todo = [...paths];
  let isComplete = true;
  while (todo.length > 0) {
    const file = todo.pop()!;
    files.add(file);
    const named = modulesNamedIn(file);
    if (named === null) isComplete = false;
    for (const found of (named ?? []).map((specifier) => resolveImport(specifier, file, tsConfigs))) {
      if (found === 'unknown') isComplete = false;
      else if (found !== 'package' && !files.has(found)) todo.push(found);
    }
  }
  return { files: [...files], isComplete };
}

/** Returns null for code that cannot be parsed. */
function modulesNamedIn(file: string): string[] | null {
  if (!CODE.includes(extname(file))) return [];
  const text = readTextFile(file);
  if (text === null) return [];
  const syntax = parseSource(text, file);
  return syntax && namedModules({ path: file, program: syntax.program });
}

function resolveImport(specifier: string, file: string, tsConfigs: TsConfigFiles): string {
  if (isBuiltin(specifier)) return 'package';
  const isPath = /^\.{0,2}[\\/]|^\.{1,2}$/.test(specifier);
  const bases = isPath
    ? [resolve(dirname(file), specifier)]
    : (tsConfigs.of(file).config?.pathsOf(specifier) ?? []);
  const own = bases.map(fileAt).find((found) => found !== null);
  if (own) return isInPackage(own) ? 'package' : own;
  return isPath ? 'unknown' : resolvePackage(specifier, file);
}

function resolvePackage(specifier: string, file: string): string {
  const require = createRequire(file);
  try {
    const found = require.resolve(specifier);
    return isInPackage(found) ? 'package' : found;
  } catch {
    // A package without a CommonJS build: its directory tells if it is one of the workspace's own.
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    const directory = require.resolve
      .paths(specifier)
      ?.map((path) => join(path, name))
      .find(existsSync);
    return directory !== undefined && isInPackage(realpathSync(directory) + sep) ? 'package' : 'unknown';
  }
}

/** Returns the file that Node, or TypeScript, takes for a path without an extension or with that of the compiled file. */
function fileAt(base: string): string | null {
  const uncompiled = base.replace(/\.([cm]?)jsx?$/, '.$1ts');
  const candidates = [base, uncompiled, `${uncompiled}x`, ...EXTENSIONS.map((extension) => base + extension)];
  const inDirectory = EXTENSIONS.map((extension) => join(base, `index${extension}`));
  return [...candidates, ...inDirectory].find(isFile) ?? null;
}

function lockFilesAbove(paths: readonly string[]): string[] {
  const directories = new Set(paths.flatMap((path) => [...directoriesFrom(dirname(path))]));
  return [...directories].flatMap((directory) =>
    LOCKFILE_NAMES.map((name) => join(directory, name)).filter(isFile),
  );
}
