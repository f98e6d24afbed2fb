import { cpSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeEdited } from '../../helpers/write-edited';
import type { CodeChanges } from './recording';

export const serviceDirectory = (name: string): string => join(__dirname, 'services', name);

/** Copies a service's source, without what it is recorded with, with some passages replaced and some files added. */
export function writeService(
  name: string,
  target: string,
  changes: CodeChanges = {},
  newFiles: Readonly<Record<string, string>> = {},
): void {
  const source = serviceDirectory(name);
  const isSource = (path: string): boolean => !['histories', 'cases.ts', 'edits.ts'].includes(basename(path));
  cpSync(source, target, { recursive: true, filter: isSource });
  for (const [file, edits] of Object.entries(changes)) {
    writeEdited(join(source, file), join(target, file), edits);
  }
  for (const [file, text] of Object.entries(newFiles)) writeFileSync(join(target, file), text);
}
