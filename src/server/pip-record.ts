import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Files that were checked in this process, with the state in which they were. A server has some 150 MB. */
const checked = new Map<string, string>();

/**
 * Returns true if a file is as pip has installed it, by the hash in pip's record (https://peps.python.org/pep-0376/#record). A
 * directory in which pip has installed nothing has no record, and its files count as they are.
 */
export async function isAsInstalled(home: string, path: string): Promise<boolean> {
  const info = (await readdir(home).catch(() => [])).find((name) => name.endsWith('.dist-info'));
  if (info === undefined) return true;
  const recorded = await recordedHash(join(home, info, 'RECORD'), path);
  if (recorded === null) return false;
  const { size, mtimeMs, ino } = await stat(path);
  const state = `${recorded} ${size} ${mtimeMs} ${ino}`;
  if (checked.get(path) === state) return true;
  if ((await hashOf(path)) !== recorded) return false;
  checked.set(path, state);
  return true;
}

/** Returns the SHA-256 that a record has for a file of this name; null if it has none or cannot be read. */
async function recordedHash(record: string, path: string): Promise<string | null> {
  const lines = (await readFile(record, 'utf8').catch(() => '')).split(/\r?\n/);
  for (const line of lines) {
    const [name = '', hash = ''] = line.split(',');
    if (basename(name) === basename(path) && hash.startsWith('sha256=')) return hash.slice('sha256='.length);
  }
  return null;
}

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return null;
  }
  return hash.digest('base64url');
}
