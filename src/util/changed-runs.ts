import { diffArrays } from 'diff';

/** A run of lines that differ in two texts. Lines count from 0. */
export interface ChangedRun {
  /** First line of the old text that goes, or the line before which lines come. */
  oldStart: number;
  removed: string[];
  /** First line of the new text that comes, or the line before which lines went. */
  newStart: number;
  added: string[];
}

/** Returns the runs of lines in which two texts differ, in order. */
export function changedRuns(before: readonly string[], after: readonly string[]): ChangedRun[] {
  const runs: ChangedRun[] = [];
  let [oldAt, newAt] = [0, 0];
  let open: ChangedRun | null = null;
  for (const { value, added, removed } of diffArrays([...before], [...after])) {
    if (!added && !removed) open = null;
    else {
      if (!open) runs.push((open = { oldStart: oldAt, removed: [], newStart: newAt, added: [] }));
      (added ? open.added : open.removed).push(...value);
    }
    if (!added) oldAt += value.length;
    if (!removed) newAt += value.length;
  }
  return runs;
}
