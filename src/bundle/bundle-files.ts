import { join } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { writeFileAtomic } from '../util/atomic-file';
import { contentHash } from '../util/content-hash';
import type { HashedFile } from '../util/hashed-file';
import { makeTemporaryDirectory } from '../util/temporary-directory';
import { makeDirectory } from '../util/make-directory';

/** Returns the file of a bundle whose content has this hash. Its name holds the hash. */
export const bundleFile = (directory: string, name: string, hash: string): HashedFile => ({
  path: join(directory, `${name}-${hash}.js`),
  hash,
});

/** Writes a bundle. */
export async function writeBundleFile(directory: string, name: string, code: string): Promise<HashedFile> {
  const file = bundleFile(directory, name, contentHash(code));
  makeDirectory(directory);
  await writeFileAtomic(file.path, code);
  return file;
}

const warned = new Set<string>();

/** Warns, once for each directory, that the cache is not of use. */
export function warnOfCache(directory: string, reason: string): void {
  if (warned.has(directory)) return;
  warned.add(directory);
  process.emitWarning(`temporal-replay: the cache ${directory} is not used: ${reason}`);
}

let substitute: string | null = null;

/**
 * Calls `write` with the cache directory. If that cannot be written, calls it again with a temporary directory of this process:
 * replay processes read bundles from files.
 *
 * @throws OUTPUT_FAILED if neither can be written
 */
export async function writeToCache<T>(
  directory: string,
  write: (directory: string) => Promise<T>,
): Promise<T> {
  try {
    return await write(directory);
  } catch (err) {
    if (!isSystemError(err)) throw err;
    warnOfCache(directory, messageOf(err));
  }
  try {
    return await write((substitute ??= makeTemporaryDirectory('bundles')));
  } catch (err) {
    if (!isSystemError(err)) throw err;
    const message = `Workflow bundles can be written neither to ${directory} nor to the system's temporary directory`;
    throw new TemporalReplayError('OUTPUT_FAILED', `${message}: ${messageOf(err)}`, {
      cause: err,
      hint: 'Free some space, or set TMPDIR or --cache-dir to a directory that can be written.',
    });
  }
}

const isSystemError = (err: unknown): boolean => (err as NodeJS.ErrnoException | null)?.syscall !== undefined;
