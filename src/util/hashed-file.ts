import { contentHash } from './content-hash';
import { readRegularFile } from './read-regular-file';

/** A file whose content is known by its hash, so that the process that reads it finds out if it is another one by now. */
export interface HashedFile {
  path: string;
  /** The {@link contentHash}. */
  hash: string;
}

/** Returns true if the file has the content that it is known by. */
export async function isIntact({ path, hash }: HashedFile): Promise<boolean> {
  const content = await readRegularFile(path).catch(() => null);
  return content !== null && contentHash(content) === hash;
}
