import type { ListedRun } from '../fetch/query';
import { contentHash } from '../util/content-hash';

/** Number of runs of each kind that come first. */
const FIRST_OF_EACH = 2;

/** Runs in the order in which they are to be looked at. */
export interface OrderedRuns {
  runs: ListedRun[];
  /** Number of runs at the start that were not drawn at random, so that each kind is met. */
  notDrawn: number;
}

/**
 * Returns runs in a random order, with two of each kind first: of each workflow type, version and set of patches. So a choice of the
 * first of them misses no kind that the list of runs tells.
 *
 * @param seed the same seed gives the same order
 */
export function inRandomOrder(runs: readonly ListedRun[], seed: number): OrderedRuns {
  const shuffled = runs
    .map((run) => ({ run, lot: lotOf(run, seed) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ run }) => run);
  const counts = new Map<string, number>();
  const first: ListedRun[] = [];
  const rest: ListedRun[] = [];
  for (const run of shuffled) {
    const kind = JSON.stringify([run.workflowType, run.taskQueue, run.versioning, run.changeVersions]);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    (count < FIRST_OF_EACH ? first : rest).push(run);
  }
  return { runs: [...first, ...rest], notDrawn: first.length };
}

const lotOf = ({ workflowId, runId }: ListedRun, seed: number): string =>
  contentHash(JSON.stringify([seed, workflowId, runId]));
