import { createHash } from 'node:crypto';

/** Returns a hash that tells contents apart. It is short enough for file names. */
export const contentHash = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 32);
