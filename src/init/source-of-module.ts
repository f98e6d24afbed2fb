import { statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Json, type JsonObject, isObject } from './json-file';
import { type Repository, isBelow, packageOf } from './repository';

/**
 * The source file that a module's path stands for: with its extension or without, a directory's index, the TypeScript of a
 * `.js`, and the source of what is compiled to another folder. Null where there is none.
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
/** What TypeScript compiles to a file of this extension. */
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
  return candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile()) ?? null;
}

/** Where a tsconfig says that a compiled file comes from. */
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

/** Without a word from any tsconfig: `dist/workflows` is taken for `src/workflows`, or for `workflows`. */
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

/** The source file that an import stands for; null for a module of npm's or of Node's. */
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

/** By the `paths` of the tsconfig files around the importing file. */
function mappedPaths(specifier: string, from: string, repository: Repository): string[] {
  const found: string[] = [];
  for (let dir = dirname(from); isBelow(dir, repository.root); dir = dirname(dir)) {
    for (const config of repository.tsConfigs(dir)) found.push(...config.pathsOf(specifier));
    if (dirname(dir) === dir) break;
  }
  return found;
}

/** What `*` stands for; '' where the pattern is the name itself, null where it doesn't fit. */
function matchPattern(pattern: string, name: string): string | null {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === name ? '' : null;
  const fits = name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return fits ? name.slice(before.length, name.length - after.length) : null;
}

/** In another package of the repository, or by the `imports` of the own one. */
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
  // Types lie where the compiled code does.
  return [...declared, ...undeclared].map((target) => join(dir, target.replace(/\.d\.([cm]?)ts$/, '.$1js')));
}

/** Every path that `exports` or `imports` of a package.json has for a name, whatever the condition. */
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
