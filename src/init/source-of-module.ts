import { dirname, join, relative, resolve, sep } from 'node:path';
import { isFile } from '../util/file-kind';
import { type Json, type JsonObject, isObject } from '../util/json-file';
import { type Repository, isBelow, packageOf } from './repository';

/**
 * Returns the source file of a module's path, or null if there is none. The path may lack its extension, name a directory
 * with an index, or lead to a compiled file.
 */
export function sourceAt(path: string, repository: Repository): string | null {
  const itself = fileAt(path);
  const sources = [...unbuilt(path, repository), ...guessed(path, repository)].flatMap(
    (candidate) => fileAt(candidate) ?? [],
  );
  if (itself !== null && repository.sources.includes(itself)) return itself;
  return sources[0] ?? itself;
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx'];
/** The extensions of TypeScript that compile to an extension of JavaScript. */
const COMPILED_FROM: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

function fileAt(path: string): string | null {
  const extension = /\.[cm]?js$/.exec(path)?.[0] ?? '';
  const bare = path.slice(0, path.length - extension.length);
  const candidates = [
    ...(COMPILED_FROM[extension] ?? []).map((source) => bare + source),
    path,
    ...EXTENSIONS.map((added) => path + added),
    ...EXTENSIONS.map((added) => join(path, `index${added}`)),
  ];
  return candidates.find(isFile) ?? null;
}

/** Returns the paths from which a tsconfig may compile a file. */
function unbuilt(path: string, repository: Repository): string[] {
  const found: string[] = [];
  for (let dir = dirname(path); isBelow(dir, repository.root); dir = dirname(dir)) {
    for (const { rootDir, outDir } of repository.tsConfigs(dir)) {
      if (outDir === null || outDir === dir || !isBelow(path, outDir)) continue;
      const inside = relative(outDir, path);
      for (const source of [rootDir, join(dir, 'src'), dir]) if (source) found.push(join(source, inside));
    }
    if (dirname(dir) === dir) break;
  }
  return found;
}

const BUILT = new Set(['dist', 'lib', 'build', 'out']);

/** Returns the paths that a compiled file usually comes from: for `dist/workflows`, `src/workflows` and `workflows`. */
function guessed(path: string, { root }: Repository): string[] {
  const folders = relative(root, path).split(sep);
  return folders.flatMap((folder, i) =>
    BUILT.has(folder)
      ? [['src'], []].map((instead) =>
          join(root, ...folders.slice(0, i), ...instead, ...folders.slice(i + 1)),
        )
      : [],
  );
}

/** Returns the source file of an import, or null for a module of npm or Node. */
export function sourceOfImport(specifier: string, from: string, repository: Repository): string | null {
  if (/^\.{1,2}(\/|$)/.test(specifier)) return sourceAt(resolve(dirname(from), specifier), repository);
  if (specifier.startsWith('/')) return sourceAt(specifier, repository);
  for (const candidate of [
    ...mappedPaths(specifier, from, repository),
    ...packagePaths(specifier, from, repository),
  ]) {
    const file = sourceAt(candidate, repository);
    if (file !== null) return file;
  }
  return null;
}

/** Returns the paths that the tsconfig files around the importing file map a module to. */
function mappedPaths(specifier: string, from: string, repository: Repository): string[] {
  const found: string[] = [];
  for (let dir = dirname(from); isBelow(dir, repository.root); dir = dirname(dir)) {
    for (const config of repository.tsConfigs(dir)) found.push(...config.pathsOf(specifier));
    if (dirname(dir) === dir) break;
  }
  return found;
}

/** Returns the text that `*` stands for, '' for a pattern without `*` that is the name, or null if the pattern does not match. */
function matchPattern(pattern: string, name: string): string | null {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === name ? '' : null;
  const fits = name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return fits ? name.slice(before.length, name.length - after.length) : null;
}

/** Returns the paths of a module in another package of the repository, or in `imports` of the package's own package.json. */
function packagePaths(specifier: string, from: string, repository: Repository): string[] {
  if (specifier.startsWith('#')) {
    const own = packageOf(from, repository);
    return own ? targetsOf(own.json['imports'], specifier).map((target) => join(own.dir, target)) : [];
  }
  const named = repository.packages.find(
    ({ name }) => name !== null && (specifier === name || specifier.startsWith(`${name}/`)),
  );
  if (!named) return [];
  const { dir, json } = named;
  const inside = specifier.slice(named.name!.length + 1);
  const declared = targetsOf(json['exports'], inside === '' ? '.' : `./${inside}`);
  const entries = ['source', 'module', 'main', 'types'].map((key) => json[key]);
  const undeclared =
    inside === ''
      ? [...entries.filter((entry) => typeof entry === 'string'), 'src/index', 'index']
      : [inside, `src/${inside}`];
  // A file of types lies beside the compiled code.
  return [...declared, ...undeclared].map((target) => join(dir, target.replace(/\.d\.([cm]?)ts$/, '.$1js')));
}

/** Returns the paths that `exports` or `imports` of a package.json has for a name, under all conditions. */
function targetsOf(declared: Json | undefined, name: string): string[] {
  if (declared === undefined) return [];
  const hasNames = isObject(declared) && Object.keys(declared).some((key) => /^[.#]/.test(key));
  if (!hasNames) return name === '.' ? stringsIn(declared) : [];
  return Object.entries(declared as JsonObject).flatMap(([pattern, target]) => {
    const star = matchPattern(pattern, name);
    return star === null ? [] : stringsIn(target).map((path) => path.replaceAll('*', () => star));
  });
}

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
