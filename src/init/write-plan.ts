import { dirname, join } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { writeFileAtomic } from '../util/atomic-file';
import type { InitPlan } from './plan';
import { makeDirectory } from '../util/make-directory';

/** Writes the files of a plan, each atomically, and returns their paths. @throws OUTPUT_FAILED */
export async function writePlan({ files }: InitPlan, root: string): Promise<string[]> {
  const written: string[] = [];
  for (const { path, content } of files) {
    if (content === null) continue;
    try {
      makeDirectory(dirname(join(root, path)));
      await writeFileAtomic(join(root, path), content);
    } catch (err) {
      throw new TemporalReplayError('OUTPUT_FAILED', `${path} cannot be written: ${messageOf(err)}`, {
        cause: err,
      });
    }
    written.push(path);
  }
  return written;
}
