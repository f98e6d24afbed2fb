import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns a path for a new local socket: a Unix socket, or a named pipe on Windows. */
export function newSocketPath(): string {
  const name = `temporal-replay-${process.pid}-${randomBytes(6).toString('hex')}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(shortTmpdir(), `${name}.sock`);
}

/** The path of a Unix socket has at most 104 characters, which deep temporary directories exceed. */
const MAX_TMPDIR_LENGTH = 50;
const shortTmpdir = (): string => (tmpdir().length > MAX_TMPDIR_LENGTH ? '/tmp' : tmpdir());
