import type { PatchFunction, PatchRuns, PatchStage } from '../../model/patches';

/** Runs that hold a patch back, and the time at which the last closed one of them closed, in ms since 1970. */
export interface Holders {
  open: number;
  closed: number;
  lastClosedAtMs: number | null;
}

/** All that decides the stage of a patch. */
export interface StageFacts {
  /** The functions that the code calls with the id. */
  calls: ReadonlySet<PatchFunction>;
  open: PatchRuns;
  closed: PatchRuns;
  /** Number of other runs with a marker, which show that the patch is deployed: pinned ones, and those that took both ways. */
  othersWithMarker: number;
}

/**
 * Returns the stage of a patch. A patch counts as deployed from the first marker on that a run shows: before, workers of the old code
 * start further runs that need the old branch.
 */
export function stageOf({ calls, open, closed, othersWithMarker }: StageFacts): PatchStage {
  const holding = holdingKind(calls);
  if (calls.size === 0) return 'gone but needed';
  const held = { open: heldBackIn(open, holding), closed: heldBackIn(closed, holding) };
  if (holding === 'live') {
    const isDeployed = open.deprecated + closed.deprecated > 0;
    return held.open + held.closed > 0 || !isDeployed ? 'deprecated' : 'removable';
  }
  const markers = open.live + open.deprecated + closed.live + closed.deprecated + othersWithMarker;
  if (markers === 0) return 'new';
  if (held.open > 0) return 'live';
  return held.closed > 0 ? 'old runs closed' : 'deprecatable';
}

/** Returns the runs that a patch waits for: those of the old branch, or those with a marker that has to find its call. */
export const holdingKind = (calls: ReadonlySet<PatchFunction>): 'old' | 'live' =>
  calls.has('patched') ? 'old' : 'live';

/** Returns the number of runs that hold a patch back, those of which nothing is known among them. */
export const heldBackIn = (runs: PatchRuns, kind: 'old' | 'live'): number => runs[kind] + runs.unknown;

/** Returns the earliest time at which a patch can move on, in ISO 8601; null if it can now, or if that depends on open runs. */
export function movesOnAt(
  { open, closed, lastClosedAtMs }: Holders,
  retentionMs: number | null,
): string | null {
  if (open > 0 || closed === 0 || lastClosedAtMs === null || retentionMs === null) return null;
  return new Date(lastClosedAtMs + retentionMs).toISOString();
}
