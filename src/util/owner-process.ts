import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** The process that made a file or directory, as its name tells. */
export interface Owner {
  /** Hash of the name of its machine. */
  host: string;
  pid: number;
}

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** The part of a name that tells its owner, for a regular expression. Its two groups are the fields of an {@link Owner}. */
export const OWNER_PATTERN = '([0-9a-f]{8})-(\\d+)';

/** Returns the part of a name that tells that this process is the owner. */
export const ownerMark = (): string => `${host}-${process.pid}`;

/** Returns where the owner is: it can only be looked for on this machine. In containers, a dead one often had the id of this process. */
export function whereaboutsOf(owner: Owner): 'this process' | 'alive' | 'dead' | 'another machine' {
  if (owner.host !== host) return 'another machine';
  if (owner.pid === process.pid) return 'this process';
  return isAlive(owner.pid) ? 'alive' : 'dead';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
}
