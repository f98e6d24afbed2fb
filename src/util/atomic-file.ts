import { createHash, randomBytes } from 'node:crypto';
import { fsync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const TEMPORARY = /^\.replay-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.tmp$/;
/** Age from which a temporary file of another machine counts as left behind. */
const STALE_MS = 60 * 60_000;
const ownFiles = new Set<string>();

/**
 * Writes a file atomically: to a temporary file, fsync, rename. A process that is killed leaves at most the temporary file,
 * which {@link removeStaleFiles} removes.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const temporary = join(
      dirname(path),
      `.replay-${host}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`,
    );
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

/** Removes the temporary files that killed processes left in a directory. */
export async function removeStaleFiles(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const match = TEMPORARY.exec(name);
    if (match === null) continue;
    const path = join(directory, name);
    if (await isStale(path, match[1]!, Number(match[2])))
      await rm(path, { force: true }).catch(() => undefined);
  }
}

async function isStale(path: string, writerHost: string, pid: number): Promise<boolean> {
  if (writerHost === host) {
    // In containers, a killed process often had the id of this one.
    if (pid === process.pid) return !ownFiles.has(path);
    if (!isAlive(pid)) return true;
  }
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
}
