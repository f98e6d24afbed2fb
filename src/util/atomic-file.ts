import { randomBytes } from 'node:crypto';
import { fsync } from 'node:fs';
import { chmod, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Owner, OWNER_PATTERN, ownerMark, whereaboutsOf } from './owner-process';
import { isStream, writeThrough } from './write-through';

const TEMPORARY = new RegExp(`^\\.replay-${OWNER_PATTERN}-[0-9a-f]+\\.tmp$`);
/** Age from which a temporary file of another machine counts as left behind. */
const STALE_MS = 60 * 60_000;
const ownFiles = new Set<string>();

const sweptDirectories = new Set<string>();

/**
 * Writes a file atomically: to a temporary file, fsync, rename. A process that is killed leaves at most the temporary file, which a
 * later process removes when it writes to the same directory. A file that is replaced leaves its mode to the new one. A stream is
 * written to, and never replaced.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  if (await isStream(path)) return writeThrough(path, data);
  await sweepOnce(dirname(path));
  const mode = (await stat(path).catch(() => null))?.mode;
  for (let attempt = 1; ; attempt++) {
    const temporary = join(dirname(path), `.replay-${ownerMark()}-${randomBytes(6).toString('hex')}.tmp`);
    ownFiles.add(temporary);
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(data);
        // Otherwise a crash of the machine after the rename can keep the name and lose the content.
        // Not `file.sync()`, which the file handles of Yarn's Plug'n'Play lack.
        await promisify(fsync)(file.fd);
      } finally {
        await file.close();
      }
      if (mode !== undefined) await chmod(temporary, mode);
      await rename(temporary, path);
      return;
    } catch (err) {
      await rm(temporary, { force: true });
      // Another machine on the same volume may have removed the temporary file as stale.
      if (
        attempt === 1 &&
        (err as NodeJS.ErrnoException).syscall === 'rename' &&
        (err as NodeJS.ErrnoException).code === 'ENOENT'
      )
        continue;
      throw err;
    } finally {
      ownFiles.delete(temporary);
    }
  }
}

async function sweepOnce(directory: string): Promise<void> {
  if (sweptDirectories.has(directory)) return;
  sweptDirectories.add(directory);
  await removeStaleFiles(directory);
}

/** Removes the temporary files that killed processes left in a directory. */
export async function removeStaleFiles(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const match = TEMPORARY.exec(name);
    if (match === null) continue;
    const path = join(directory, name);
    if (await isStale(path, { host: match[1]!, pid: Number(match[2]) }))
      await rm(path, { force: true }).catch(() => undefined);
  }
}

async function isStale(path: string, owner: Owner): Promise<boolean> {
  const whereabouts = whereaboutsOf(owner);
  if (whereabouts === 'this process') return !ownFiles.has(path);
  if (whereabouts === 'dead') return true;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > STALE_MS;
}
