import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { TsConfigFiles } from './tsconfig-of-file';

/*
 * The files that a module of the user is made of, so that what its functions do can be identified by the content of files. A file
 * that the code reads by itself is not among them, and neither are the files of packages: the lock file stands for these.
 */

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const LOCK_FILES = 'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock bun.lockb'.split(
  ' ',
);
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
/** Matches import statements, and export statements that name a module. */
const STATEMENTS = /^\s*(?:import|export)\b[^;'"`=(:]*(['"])([^'"\n]+)\1/gm;
/** Matches calls of import, require and require.resolve. The latter names a loader for webpack. */
const CALLS = /\b(?:import|require(?:\.resolve)?)\s*\(\s*(['"])([^'"\n]+)\1/g;

const modulesByFunction = new WeakMap<object, readonly string[]>();

/** Remembers the modules that a function comes from, by their absolute paths. */
export const rememberModulesOf = (fn: object, paths: readonly string[]): void =>
  void modulesByFunction.set(fn, paths);

/** Returns the modules that a function comes from; undefined if they are not known. */
export const modulesOf = (fn: object): readonly string[] | undefined => modulesByFunction.get(fn);

/**
 * Returns the files of loaded modules: those that they import, directly or through others, and every other file of the user that
 * this process has loaded, of which a module may have imported some by a computed name. The lock files above them are included.
 * Returns null if an import leads to no file.
 */
export function sourcesOfModules(paths: readonly string[]): string[] | null {
  const files = new Set<string>();
  const tsConfigs = new TsConfigFiles();
  const todo = [...paths];
  while (todo.length > 0) {
    const file = todo.pop()!;
    files.add(file);
    const imported = importsOf(file).map((specifier) => resolveImport(specifier, file, tsConfigs));
    for (const found of imported) {
      if (found === 'unknown') return null;
      if (found !== 'package' && !files.has(found)) todo.push(found);
    }
  }
  return [...new Set([...files, ...loadedFiles(), ...lockFilesAbove(paths)])].sort();
}

/** The directory of this package's own code. */
const OWN = resolve(__dirname, '..') + sep;
const isInPackage = (path: string): boolean => /[\\/]node_modules[\\/]/.test(path);

/** Returns the user's own files that `require` knows, among them each that jiti has compiled. */
const loadedFiles = (): string[] =>
  Object.keys(require.cache).filter(
    (path) => !isInPackage(path) && !path.startsWith(OWN) && existsSync(path),
  );

function importsOf(file: string): string[] {
  if (extname(file) === '.json' || !EXTENSIONS.includes(extname(file))) return [];
  try {
    const code = readFileSync(file, 'utf8').replace(COMMENTS, '');
    return [...code.matchAll(STATEMENTS), ...code.matchAll(CALLS)].map(([, , specifier]) => specifier!);
  } catch {
    return [];
  }
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

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function lockFilesAbove(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths)
    for (let directory = dirname(path); ; directory = dirname(directory)) {
      for (const name of LOCK_FILES) if (isFile(join(directory, name))) found.add(join(directory, name));
      if (dirname(directory) === directory) break;
    }
  return [...found];
}
