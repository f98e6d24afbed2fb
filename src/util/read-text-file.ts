import { readFileSync } from 'node:fs';

/** Returns the text of a file, or null if it cannot be read. */
export function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
