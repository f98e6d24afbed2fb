import { readFile, realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { TemporalReplayError, messageOf } from '../errors';
import type { SourceEdit } from '../model/source';
import { applyEdits } from '../patching/text-edits';
import { writeFileAtomic } from '../util/atomic-file';

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

/** Writes the new texts of files, each completely or not at all. @throws OUTPUT_FAILED, after the others were restored */
export async function writeEdited(files: readonly EditedFile[]): Promise<void> {
  const written: EditedFile[] = [];
  for (const file of files) {
    try {
      await writeFileAtomic(await realpath(file.path), file.after);
      written.push(file);
    } catch (err) {
      await restore(written);
      throw new TemporalReplayError('OUTPUT_FAILED', `${file.path} cannot be written: ${messageOf(err)}`, {
        cause: err,
      });
    }
  }
}

/** Writes the old texts of files again, unless a file has been changed by others meanwhile. */
export async function restore(files: readonly EditedFile[]): Promise<void> {
  for (const { path, before, after } of files)
    if ((await readFile(path, 'utf8').catch(() => null)) === after)
      await writeFileAtomic(await realpath(path), before);
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
