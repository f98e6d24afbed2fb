import type { FailureGroup, Remedy } from '../model/diagnosis';
import { diffText, editFiles } from '../patching/edited-files';

/** Returns groups with the edits of their remedies as a diff. Paths of files are relative to `cwd`. */
export const withDiffs = (groups: readonly FailureGroup[], cwd: string): Promise<FailureGroup[]> =>
  Promise.all(
    groups.map(async (group) => ({
      ...group,
      remedies: await Promise.all(group.remedies.map((remedy) => withDiff(remedy, cwd))),
    })),
  );

async function withDiff(remedy: Remedy, cwd: string): Promise<Remedy> {
  if (remedy.edits.length === 0) return remedy;
  try {
    return { ...remedy, diff: diffText(await editFiles(remedy.edits, cwd), cwd) };
  } catch {
    // The file has gone since it was bundled: the edits say the same.
    return remedy;
  }
}
