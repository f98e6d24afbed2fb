import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a copy of a source file with one passage replaced. Throws unless it occurs exactly once. */
export function writeEdited(
  source: string,
  target: string,
  edits: readonly (readonly [string, string])[],
): void {
  mkdirSync(dirname(target), { recursive: true });
  if (edits.length === 0) return copyFileSync(source, target);
  let text = readFileSync(source, 'utf8');
  for (const [before, after] of edits) {
    const parts = text.split(before);
    if (parts.length !== 2)
      throw new Error(`${JSON.stringify(before)} stands ${parts.length - 1} times in ${source}`);
    text = parts.join(after);
  }
  writeFileSync(target, text);
}
