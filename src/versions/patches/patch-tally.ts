import type { PatchDecisionsById, PatchRuns } from '../../model/patches';
import { type CodePatches } from './code-patches';

/** The group of runs that a run is counted in. */
export type RunGroup = 'open' | 'closed' | 'corpus' | 'pinned';

/** The patches that a run has met. */
export interface PatchUse {
  workflowType: string;
  group: RunGroup;
  /** Kinds of its markers by patch id. */
  markers: ReadonlyMap<string, 'live' | 'deprecated'>;
  /** The answers of `patched()` in its replay; null if it was not replayed. */
  decisions: PatchDecisionsById | null;
  /** True if the replay or the markers tell all that the run has met. */
  isWhole: boolean;
  /** The name of its history in reports; null for a run that was not downloaded. */
  file: string | null;
  /** The time at which it closed, in ms since 1970; null if it is open, or if that is not known. */
  closedAtMs: number | null;
}

/** Numbers of runs for one patch. */
export interface PatchCounts {
  open: PatchRuns;
  closed: PatchRuns;
  corpus: PatchRuns;
  pinned: PatchRuns;
  /** The time at which the last closed run of each kind closed, in ms since 1970. */
  lastClosedAtMs: Partial<Record<keyof PatchRuns, number>>;
  /** Names of the histories of the corpus by kind. */
  histories: Partial<Record<keyof PatchRuns, string[]>>;
  /** Runs that come to the call several times, and took the old branch first and the new one later. */
  bothWays: number;
  /** Runs that come to the call only before the task that recorded its marker. */
  beforeMarker: number;
  /** Runs for which `patchActivationCallback` keeps the patch off. */
  switchedOff: number;
}

/** Counts runs by what each patch means to them. */
export class PatchTally {
  private readonly counts = new Map<string, PatchCounts>();
  /** Ids of the patches that each workflow type may come to. */
  private readonly idsByType = new Map<string, Set<string>>();
  private readonly seen = new Set<string>();

  constructor(private readonly code: CodePatches) {
    for (const { id, workflowTypes } of code.calls) {
      if (id === null) continue;
      this.counts.set(id, noCounts());
      for (const type of workflowTypes)
        this.idsByType.set(type, (this.idsByType.get(type) ?? new Set()).add(id));
    }
  }

  /** Returns the ids that a run of a workflow type may come to in the code. */
  idsFor(workflowType: string): string[] {
    const type = this.code.workflowTypes.includes(workflowType) ? workflowType : 'default';
    return [...(this.idsByType.get(type) ?? [])];
  }

  add(use: PatchUse): void {
    const { group, markers, decisions, closedAtMs, file } = use;
    const due = this.idsFor(use.workflowType);
    const others = [...markers].flatMap(([id, kind]) => (kind === 'live' && !due.includes(id) ? [id] : []));
    for (const id of Object.keys(decisions ?? {})) this.seen.add(id);
    for (const id of [...due, ...others]) {
      const counts = this.counts.get(id) ?? noCounts();
      this.counts.set(id, counts);
      const kind = kindOf(id, use);
      counts[group][kind]++;
      if (group === 'corpus' && file !== null) (counts.histories[kind] ??= []).push(file);
      const { lastClosedAtMs: last } = counts;
      if (group === 'closed' && closedAtMs !== null) last[kind] = Math.max(last[kind] ?? 0, closedAtMs);
      const decided = decisions?.[id];
      if (markers.has(id) && decided && decided.false > 0)
        counts[decided.true > 0 ? 'bothWays' : 'beforeMarker']++;
      if (decided?.switchedOff) counts.switchedOff++;
    }
  }

  /** Returns the counts of each patch, by its id. */
  all = (): ReadonlyMap<string, PatchCounts> => this.counts;

  /** Returns true for a patch that `patched()` was asked for in a replay. */
  isAsked = (id: string): boolean => this.seen.has(id);
}

function kindOf(id: string, { markers, decisions, isWhole }: PatchUse): keyof PatchRuns {
  // A run that comes to a call several times can have a marker and need the old branch for a call before it.
  if ((decisions?.[id]?.false ?? 0) > 0) return 'old';
  const marker = markers.get(id);
  if (marker) return marker;
  return isWhole ? 'notReached' : 'unknown';
}

const noCounts = (): PatchCounts => ({
  ...{ open: noRuns(), closed: noRuns(), corpus: noRuns(), pinned: noRuns() },
  lastClosedAtMs: {},
  histories: {},
  bothWays: 0,
  beforeMarker: 0,
  switchedOff: 0,
});

const noRuns = (): PatchRuns => ({ old: 0, live: 0, deprecated: 0, notReached: 0, unknown: 0 });
