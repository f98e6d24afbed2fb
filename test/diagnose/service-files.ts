import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeEdited } from '../helpers/write-edited';
import type { CodeChanges } from './recording';

export const serviceDirectory = (name: string): string => join(__dirname, 'services', name);

/** Copies a service's source, without what it is recorded with, and with some passages replaced. */
export function writeService(name: string, target: string, changes: CodeChanges = {}): void {
  const source = serviceDirectory(name);
  const isSource = (path: string): boolean => !['histories', 'cases.ts'].includes(basename(path));
  cpSync(source, target, { recursive: true, filter: isSource });
  for (const [file, edits] of Object.entries(changes)) {
    writeEdited(join(source, file), join(target, file), edits);
  }
}
