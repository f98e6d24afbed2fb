import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { OWNER_PATTERN, ownerMark, whereaboutsOf } from './owner-process';

/** Purposes of temporary directories, with the start of their names. A socket has a short one, since its path must be short. */
const PREFIXES = {
  'changed-since': 'replay-changed-since',
  advice: 'replay-advice',
  bundles: 'temporal-replay-bundles',
  cache: 'temporal-replay-cache',
  coverage: 'temporal-replay-coverage',
  socket: 'temporal-replay',
} as const;

const NAME = new RegExp(`^(?:${Object.values(PREFIXES).join('|')})-${OWNER_PATTERN}-[0-9a-f]{12}$`);
/** Age from which a directory of another machine counts as left behind. */
const STALE_MS = 24 * 60 * 60_000;
/** Difference by which the clock of the file system may be behind. */
const CLOCK_MS = 1_000;
const ownDirectories = new Set<string>();

/**
 * Creates a directory that only this user can open. It is removed when this process exits. If the process is killed,
 * {@link sweepTemporaryDirectories} of a later run removes it.
 *
 * @param parent the directory to create it in; by default, the system's temporary directory
 */
export function makeTemporaryDirectory(purpose: keyof typeof PREFIXES, parent: string = tmpdir()): string {
  const name = `${PREFIXES[purpose]}-${ownerMark()}-${randomBytes(6).toString('hex')}`;
  const path = join(realpathSync(parent), name);
  mkdirSync(path, { mode: 0o700 });
  if (ownDirectories.size === 0) process.once('exit', removeOwnDirectories);
  ownDirectories.add(path);
  return path;
}

/** Removes a temporary directory of this process, with everything in it. */
export async function removeTemporaryDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  ownDirectories.delete(path);
}

/** Removes it as {@link removeTemporaryDirectory} does, at once. */
export function removeTemporaryDirectorySync(path: string): void {
  rmSync(path, { recursive: true, force: true });
  ownDirectories.delete(path);
}

function removeOwnDirectories(): void {
  for (const path of ownDirectories) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // A later run sweeps it.
    }
  }
}

/** Removes the temporary directories that killed processes of this user have left. Called at the start of every run. */
export async function sweepTemporaryDirectories(): Promise<void> {
  for (const parent of new Set([tmpdir(), '/tmp'])) await sweep(parent);
}

async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const match = NAME.exec(name);
    if (match === null) continue;
    const path = join(parent, name);
    if (await isLeftBehind(path, { host: match[1]!, pid: Number(match[2]) }))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isLeftBehind(path: string, owner: { host: string; pid: number }): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  // The system's temporary directory is open to everyone, so a name alone does not tell whose a directory is.
  if (!stats?.isDirectory() || stats.uid !== (process.getuid?.() ?? stats.uid)) return false;
  switch (whereaboutsOf(owner)) {
    case 'this process':
      // Jest loads this module once for each test file, so `ownDirectories` does not tell. An earlier process may have had the id.
      return stats.mtimeMs < performance.timeOrigin - CLOCK_MS;
    case 'alive':
      return false;
    case 'dead':
      return true;
    case 'another machine':
      return Date.now() - stats.mtimeMs > STALE_MS;
  }
}
