import { readFile, realpath } from 'node:fs/promises';
import { TemporalReplayError, messageOf } from '../errors';
import type { EditedFile } from '../patching/edited-files';
import { writeFileAtomic } from '../util/atomic-file';

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
