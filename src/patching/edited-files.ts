import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { TemporalReplayError, messageOf } from '../errors';
import type { SourceEdit } from '../model/source';
import { applyEdits } from './text-edits';

/** A file with its text before and after edits. */
export interface EditedFile {
  /** Absolute path. */
  path: string;
  before: string;
  after: string;
}

/**
 * Applies edits to the texts of their files. The files stay as they are.
 *
 * @throws OUTPUT_FAILED if a file cannot be read
 */
export async function editFiles(edits: readonly SourceEdit[], cwd: string): Promise<EditedFile[]> {
  const files = [...new Set(edits.map(({ file }) => file))];
  return Promise.all(
    files.map(async (file) => {
      const path = resolve(cwd, file);
      const before = await readFile(path, 'utf8').catch((err: unknown) => {
        throw new TemporalReplayError('OUTPUT_FAILED', `${path} cannot be read: ${messageOf(err)}`, {
          cause: err,
        });
      });
      const own = edits.filter((edit) => edit.file === file);
      return { path, before, after: applyEdits(before.split('\n'), withLineEndsOf(before, own)) };
    }),
  );
}

/** Returns edits whose lines end as those of the file do. */
function withLineEndsOf(text: string, edits: readonly SourceEdit[]): SourceEdit[] {
  if (!text.includes('\r\n')) return [...edits];
  return edits.map((edit) => ({
    ...edit,
    // The last line of an edit is followed by the `\n` of the file.
    replacement: edit.replacement
      .split('\n')
      .map((line) => (line.endsWith('\r') ? line : `${line}\r`))
      .join('\n'),
  }));
}

/** Returns the difference that edits make, as `git apply` takes it. Paths are relative to a directory. */
export function diffText(files: readonly EditedFile[], cwd: string): string {
  return files
    .map(({ path, before, after }) => {
      const name = relative(cwd, path).replaceAll('\\', '/');
      const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
        context: 3,
      });
      // The first line is a ruler of the library, which git does not need.
      return patch.slice(patch.indexOf('\n') + 1);
    })
    .join('');
}
