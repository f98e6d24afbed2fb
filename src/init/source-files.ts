import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { glob } from 'tinyglobby';

/** What a repository has, as absolute paths, sorted. */
export interface SourceFiles {
  /** TypeScript and JavaScript that is written by hand and no test. */
  sources: readonly string[];
  /** Every package.json. */
  packages: readonly string[];
}

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;
const TEST = /\.(test|spec|e2e|stories)\.[^.]+$/;
const NO_SOURCE_FOLDERS = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'test',
  'tests',
  '__tests__',
  '__mocks__',
  'e2e',
]);

/**
 * Lists the files below `root`. What git ignores is left out where git can say so; build output, tests, hidden folders and
 * `node_modules` always are.
 */
export async function listSourceFiles(root: string): Promise<SourceFiles> {
  const files = (listedByGit(root) ?? (await listedByGlob(root))).filter((file) => !isHidden(file)).sort();
  const inRoot = (file: string): string => join(root, file);
  return {
    sources: files.filter((file) => isSource(file, root)).map(inRoot),
    packages: files.filter((file) => /(^|\/)package\.json$/.test(file) && !isBuilt(file)).map(inRoot),
  };
}

/** Null without git, and in a folder that git itself ignores. */
function listedByGit(root: string): string[] | null {
  try {
    const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const files = output.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
    return files.length > 0 ? [...new Set(files)] : null;
  } catch {
    return null;
  }
}

const listedByGlob = (root: string): Promise<string[]> =>
  glob(['**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}', '**/package.json'], {
    cwd: root,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
  });

const foldersOf = (file: string): string[] => file.split('/').slice(0, -1);
const isHidden = (file: string): boolean => foldersOf(file).some((folder) => folder.startsWith('.'));
const isBuilt = (file: string): boolean => foldersOf(file).some((folder) => NO_SOURCE_FOLDERS.has(folder));

function isSource(file: string, root: string): boolean {
  return SOURCE.test(file) && !TEST.test(file) && !isBuilt(file) && !isInBuiltLib(file, root);
}

/** `lib` is where some compile to, and where others write: the `src` beside it tells. */
function isInBuiltLib(file: string, root: string): boolean {
  const folders = foldersOf(file);
  return folders.some(
    (folder, i) => folder === 'lib' && existsSync(join(root, ...folders.slice(0, i), 'src')),
  );
}

/** The folder of the git repository that `directory` lies in; null outside of any. */
export function gitRootOf(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}

/** A path as config files and messages have it: relative to `root`, with slashes. */
export const posix = (path: string): string => path.split(sep).join('/');
