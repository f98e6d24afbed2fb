import { type Dirent, type Stats, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { messageOf, TemporalReplayError } from '../errors';
import { type HistorySource, STDIN_FILE } from '../model/history';
import { HISTORY_EXTENSIONS } from './formats/formats';

export interface LoadOptions {
  /** Files, directories (with all below them), globs, or `-` for standard input. */
  paths: readonly string[];
  /** Directory that relative paths are relative to. @default process.cwd() */
  cwd?: string;
  signal?: AbortSignal;
  /** Stream that `-` reads. @default process.stdin */
  stdin?: AsyncIterable<Uint8Array | string>;
}

const IN_DIRECTORY = `**/*.{${HISTORY_EXTENSIONS.join(',')}}`;

/**
 * Yields the histories that `paths` name, in order of the paths and sorted by name within each; none twice. Files are listed, not
 * read: each is read when its turn comes. Directories and globs leave out hidden files and directories and `node_modules`.
 *
 * @throws NO_HISTORIES for a path that doesn't exist, or a directory or glob without a history; ABORTED
 */
export async function* loadHistories(options: LoadOptions): AsyncGenerator<HistorySource> {
  const cwd = path.resolve(options.cwd ?? '.');
  const seen = new Set<string>();
  for (const given of options.paths) {
    throwIfAborted(options.signal);
    if (given === STDIN_FILE) {
      if (seen.has(STDIN_FILE)) continue;
      seen.add(STDIN_FILE);
      yield { file: STDIN_FILE, bytes: await readAll(options.stdin ?? process.stdin, options.signal) };
      continue;
    }
    const { kind, files } = find(given, cwd);
    if (files.length === 0) throw nothingFound(kind, given, cwd);
    for (const file of files) {
      throwIfAborted(options.signal);
      if (seen.has(file)) continue;
      seen.add(file);
      yield { file: shown(file, given, cwd) };
    }
  }
}

/** Files that a path names, and how it names them. */
interface FoundFiles {
  kind: 'directory' | 'glob' | 'path';
  /** Absolute paths, sorted. */
  files: string[];
}

/**
 * Finds the history files that a path names: a file whatever its name, all histories below a directory, or the matches of a
 * glob. Works without waiting, because a test file has to register its tests at once.
 *
 * @returns absolute paths, sorted; empty if there are none
 * @throws NO_HISTORIES for a path that cannot be read
 */
export const findHistoryFiles = (given: string, cwd: string): string[] => find(given, cwd).files;

function find(given: string, cwd: string): FoundFiles {
  const absolute = path.resolve(cwd, given);
  const stats = statOf(absolute, given);
  if (stats?.isDirectory())
    return {
      kind: 'directory',
      files: sorted([...globbed(IN_DIRECTORY, absolute), ...brokenLinks(absolute)]),
    };
  // Comes before globs, because a workflow id can hold brackets.
  if (stats) return { kind: 'path', files: [absolute] };
  const pattern = process.platform === 'win32' ? given.replaceAll('\\', '/') : given;
  if (!/[*?[\]{}!()]/.test(pattern)) return { kind: 'path', files: [] };
  const files = path.isAbsolute(given)
    ? globbed(pattern, path.parse(absolute).root)
    : globbed(pattern.replace(/^\.\//, ''), cwd);
  return { kind: 'glob', files: sorted(files) };
}

function statOf(absolute: string, given: string): Stats | undefined {
  try {
    return statSync(absolute);
  } catch (err) {
    if (NOT_THERE.has((err as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new TemporalReplayError('NO_HISTORIES', `cannot read ${given}: ${messageOf(err)}`, { cause: err });
  }
}

const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EINVAL', 'ENAMETOOLONG']);

function nothingFound(kind: FoundFiles['kind'], given: string, cwd: string): TemporalReplayError {
  const messages = {
    directory: `no histories in the directory ${given} (looked for *.{${HISTORY_EXTENSIONS.join(',')}})`,
    glob: `no file matches ${given} (in ${cwd})`,
    path: `there is no file or directory ${given} (in ${cwd})`,
  };
  return new TemporalReplayError('NO_HISTORIES', messages[kind]);
}

function globbed(pattern: string, cwd: string): string[] {
  const found = globSync(pattern, {
    cwd,
    absolute: true,
    onlyFiles: true,
    dot: false,
    caseSensitiveMatch: false,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/README.md'],
  });
  return found.map((file) => path.normalize(file));
}

/** Sorts by code units, so that the order is the same on every machine. */
const sorted = (files: readonly string[]): string[] =>
  [...files].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const IS_HISTORY = new RegExp(`\\.(?:${HISTORY_EXTENSIONS.join('|')})$`, 'i');

/**
 * Returns the broken links below a directory that are named as histories. A glob leaves them out, and directories that cannot
 * be read as well, so that histories would be missing without a word.
 *
 * @throws NO_HISTORIES for a directory that cannot be read
 */
function brokenLinks(directory: string): string[] {
  return entriesOf(directory)
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .flatMap((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return brokenLinks(file);
      return entry.isSymbolicLink() && IS_HISTORY.test(entry.name) && !existsSync(file) ? [file] : [];
    });
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (err) {
    throw new TemporalReplayError('NO_HISTORIES', `cannot read ${directory}: ${messageOf(err)}`, {
      cause: err,
    });
  }
}

/**
 * Returns the path of a file as reports show it: relative as it was given, so that reports read the same on every machine, and
 * absolute if a relative one could not be opened from here.
 */
function shown(file: string, given: string, cwd: string): string {
  if (path.isAbsolute(given) || cwd !== process.cwd()) return file;
  return path.relative(cwd, file) || file;
}

async function readAll(
  input: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const read = async (): Promise<Uint8Array> => {
    for await (const chunk of input) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return Buffer.concat(chunks);
  };
  if (!signal) return await read();
  // An abort must not wait for standard input, which may never end.
  return await new Promise<Uint8Array>((resolve, reject) => {
    const onAbort = (): void => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
    read()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted();
}

const aborted = (): TemporalReplayError =>
  new TemporalReplayError('ABORTED', 'stopped while looking for histories');
