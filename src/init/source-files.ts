import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { glob } from 'tinyglobby';

/** The files of a repository, as sorted absolute paths. */
export interface SourceFiles {
  /** TypeScript and JavaScript files, without build output and tests. */
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
 * Lists the files below `root`, without build output, tests, hidden folders and `node_modules`. In a git repository,
 * ignored files are left out too.
 */
export async function listSourceFiles(root: string): Promise<SourceFiles> {
  const files = (listedByGit(root) ?? (await listedByGlob(root))).filter((file) => !isHidden(file)).sort();
  const inRoot = (file: string): string => join(root, file);
  return {
    sources: files.filter((file) => isSource(file, root)).map(inRoot),
    packages: files.filter((file) => /(^|\/)package\.json$/.test(file) && !isBuilt(file)).map(inRoot),
  };
}

/** Returns null without git, and in a folder that git ignores. */
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

/** Returns true for a file in a `lib` with a `src` beside it. Without `src`, `lib` may hold sources. */
function isInBuiltLib(file: string, root: string): boolean {
  const folders = foldersOf(file);
  return folders.some(
    (folder, i) => folder === 'lib' && existsSync(join(root, ...folders.slice(0, i), 'src')),
  );
}

/** Returns a path with forward slashes, as in config files and messages. */
export const posix = (path: string): string => path.split(sep).join('/');
