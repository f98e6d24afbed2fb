import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeTemporaryDirectory, removeTemporaryDirectorySync } from '../../util/temporary-directory';

const HAS_NAMED_PIPES = process.platform === 'win32';

/**
 * Returns a path for a new local socket: a named pipe on Windows, elsewhere a Unix socket in a directory of its own that only this
 * user can open.
 */
export function newSocketPath(): string {
  if (HAS_NAMED_PIPES) return `\\\\.\\pipe\\temporal-replay-${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(makeTemporaryDirectory('socket', shortTmpdir()), 's');
}

/** Makes a server listen on a path of {@link newSocketPath}. Only this user may connect to it. */
export function listenOnSocket(server: Server, path: string, listening: () => void): void {
  server.listen(path, () => {
    if (!HAS_NAMED_PIPES) chmodSync(path, 0o700);
    listening();
  });
}

/** Removes what a path of {@link newSocketPath} has left on the disk. */
export function removeSocket(path: string): void {
  if (!HAS_NAMED_PIPES) removeTemporaryDirectorySync(dirname(path));
}

/** The path of a Unix socket has at most 104 characters, which deep temporary directories exceed. */
const MAX_TMPDIR_LENGTH = 40;
const shortTmpdir = (): string => (tmpdir().length > MAX_TMPDIR_LENGTH ? '/tmp' : tmpdir());
