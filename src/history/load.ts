import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { messageOf, TemporalReplayError } from '../errors';
import type { HistorySource } from '../model/history';

export interface LoadOptions {
  /** Files, directories (with all below them), globs, or `-` for standard input. */
  paths: readonly string[];
  /** What relative paths are relative to. @default process.cwd() */
  cwd?: string;
  signal?: AbortSignal;
  /** What `-` reads. @default process.stdin */
  stdin?: AsyncIterable<Uint8Array | string>;
}

/** What is taken for a history in a directory. `.proto` is what Temporal Cloud's exports are often stored as. */
const EXTENSIONS = 'json,jsonl,ndjson,binpb,pb,bin,proto,gz';
const IN_DIRECTORY = `**/*.{${EXTENSIONS}}`;

/**
 * The histories that `paths` name, in order of the paths and sorted by name within each; none twice. Files are listed, not read:
 * each is read when its turn comes. Hidden files and directories and `node_modules` are left out of directories and globs.
 *
 * @throws NO_HISTORIES for a path that doesn't exist, or a directory or glob without a history; ABORTED
 */
export async function* loadHistories(options: LoadOptions): AsyncGenerator<HistorySource> {
  const cwd = path.resolve(options.cwd ?? '.');
  const seen = new Set<string>();
  for (const given of options.paths) {
    throwIfAborted(options.signal);
    if (given === '-') {
      if (seen.has('-')) continue;
      seen.add('-');
      yield { file: '-', bytes: await readAll(options.stdin ?? process.stdin, options.signal) };
      continue;
    }
    for (const file of await listFiles(given, cwd)) {
      throwIfAborted(options.signal);
      if (seen.has(file)) continue;
      seen.add(file);
      yield { file: shown(file, given, cwd) };
    }
  }
}

/** Absolute paths of the files that one path stands for. */
async function listFiles(given: string, cwd: string): Promise<string[]> {
  const absolute = path.resolve(cwd, given);
  const stats = await stat(absolute).catch((err: NodeJS.ErrnoException) => {
    if (
      err.code === 'ENOENT' ||
      err.code === 'ENOTDIR' ||
      err.code === 'EINVAL' ||
      err.code === 'ENAMETOOLONG'
    )
      return undefined;
    throw new TemporalReplayError('NO_HISTORIES', `cannot read ${given}: ${messageOf(err)}`, { cause: err });
  });
  if (stats?.isDirectory()) {
    const found = sorted([...(await find(IN_DIRECTORY, absolute)), ...(await brokenLinks(absolute))]);
    if (found.length > 0) return found;
    throw new TemporalReplayError(
      'NO_HISTORIES',
      `no histories in the directory ${given} (looked for *.{${EXTENSIONS}})`,
    );
  }
  // Before it is taken for a glob: a workflow id may hold brackets.
  if (stats) return [absolute];
  const { root } = path.parse(absolute);
  const pattern = process.platform === 'win32' ? given.replaceAll('\\', '/') : given;
  if (!/[*?[\]{}!()]/.test(pattern)) {
    throw new TemporalReplayError('NO_HISTORIES', `there is no file or directory ${given} (in ${cwd})`);
  }
  const found = await find(
    path.isAbsolute(given) ? pattern : pattern.replace(/^\.\//, ''),
    path.isAbsolute(given) ? root : cwd,
  );
  if (found.length > 0) return found;
  throw new TemporalReplayError('NO_HISTORIES', `no file matches ${given} (in ${cwd})`);
}

async function find(pattern: string, cwd: string): Promise<string[]> {
  const found = await glob(pattern, {
    cwd,
    absolute: true,
    onlyFiles: true,
    dot: false,
    caseSensitiveMatch: false,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/README.md'],
  });
  return sorted(found.map((file) => path.normalize(file)));
}

/** By code units, so that the order is the same on every machine. */
const sorted = (files: readonly string[]): string[] =>
  [...files].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const IS_HISTORY = new RegExp(`\\.(?:${EXTENSIONS.replaceAll(',', '|')})$`, 'i');

/**
 * Links to nothing that are named as histories. A glob leaves them out, as it leaves out directories that cannot be read: that
 * would be histories less, and nobody the wiser.
 *
 * @throws NO_HISTORIES for a directory that cannot be read
 */
async function brokenLinks(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((err: unknown) => {
    throw new TemporalReplayError('NO_HISTORIES', `cannot read ${directory}: ${messageOf(err)}`, {
      cause: err,
    });
  });
  const found = entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return brokenLinks(file);
      return entry.isSymbolicLink() && IS_HISTORY.test(entry.name) && !existsSync(file) ? [file] : [];
    });
  return (await Promise.all(found)).flat();
}

/** Relative as it was given, so that reports read the same on every machine; absolute where that could not be opened from here. */
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
  // Standard input may never end: an abort must not wait for it.
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
