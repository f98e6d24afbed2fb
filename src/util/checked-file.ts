import { writeFileAtomic } from './atomic-file';
import { contentHash } from './content-hash';
import { readRegularFile } from './read-regular-file';

/**
 * Writes text behind a hash of it, so that {@link readChecked} recognizes damage.
 *
 * @param name what the text is about, which goes into the hash: the file of something else is damage too
 */
export const writeChecked = (path: string, text: string, name: string): Promise<void> =>
  writeFileAtomic(path, `${hashOf(text, name)}\n${text}`);

/** Returns the text of {@link writeChecked}. Returns `damaged` if the file holds something else, and null if there is no file. */
export async function readChecked(path: string, name: string): Promise<{ text: string } | 'damaged' | null> {
  let stored: string;
  try {
    stored = (await readRegularFile(path)).toString('utf8');
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'damaged';
  }
  const end = stored.indexOf('\n');
  const text = stored.slice(end + 1);
  return end !== -1 && stored.slice(0, end) === hashOf(text, name) ? { text } : 'damaged';
}

const hashOf = (text: string, name: string): string => contentHash(`${name}\n${text}`);
