/** A function of the workflow package that takes the id of a patch. */
export type PatchFunction = 'patched' | 'deprecatePatch';

/** Number of times `patched()` returned true (the code has the patch) and false (the history is older than the patch). */
export interface PatchDecisions {
  true: number;
  false: number;
  /** Number of times it returned false although no history was replayed, since `patchActivationCallback` keeps the patch off. */
  switchedOff?: number;
}

/** Decisions by patch id. */
export type PatchDecisionsById = Record<string, PatchDecisions>;

/**
 * The progress of a patch: `new` (no run shows that it is deployed), `live` (open runs need the old branch), `old runs closed` (only
 * closed runs that the cluster still keeps need it), `deprecatable` (no run needs it), `deprecated` (runs need the call of
 * `deprecatePatch()`), `removable` (no run needs that call), and `gone but needed` (the code has no call, and runs need one).
 */
export type PatchStage =
  'new' | 'live' | 'old runs closed' | 'deprecatable' | 'deprecated' | 'removable' | 'gone but needed';

/** Returns true if a stage says that the code can be changed now. */
export const canAdvance = (stage: PatchStage): boolean => stage === 'deprecatable' || stage === 'removable';

/** Numbers of runs by what a patch means to them. */
export interface PatchRuns {
  /** Runs that took the old branch: `patched()` returned false to them. */
  old: number;
  /** Runs with a marker of `patched()`. */
  live: number;
  /** Runs with a marker of `deprecatePatch()` only. */
  deprecated: number;
  /** Runs that have not come to a call. */
  notReached: number;
  /** Runs for which it is not known, such as those that do not replay with the code. */
  unknown: number;
}

/** A place in the code with a call of a patch; the line and the column count from 1. */
export interface PlacedPatchCall {
  /** Path relative to the directory of the run. */
  file: string;
  line: number;
  column: number;
  call: PatchFunction;
  /** Workflow types that may come to it, sorted. */
  workflowTypes: string[];
}

/** The kinds of wrong use of `patched()`, see `docs/patches.md`. */
export type WrongPatchUse =
  | 'two changes'
  | 'both calls'
  | 'no marker'
  | 'loop'
  | 'callback'
  | 'swapped branches'
  | 'before its marker'
  | 'switched off';

export interface WrongUse {
  kind: WrongPatchUse;
  /** The call. */
  place: { file: string; line: number; column: number };
  /** One sentence, for people. */
  message: string;
}

/** A patch of the code, or of runs whose code has lost it. */
export interface PatchRow {
  id: string;
  stage: PatchStage;
  calls: PlacedPatchCall[];
  /** Workflow types that may come to a call, sorted. */
  workflowTypes: string[];
  /** Runs of these types. A pinned run, which never gets other code, is among none of them. */
  open: PatchRuns;
  /** Closed runs that the cluster still keeps: a query or a reset replays them. */
  closed: PatchRuns;
  /** Histories of the corpus. */
  corpus: PatchRuns;
  /** Open runs that stay on the version which they are pinned to. */
  pinned: number;
  /** Numbers of runs for which the code has to stay as it is. */
  heldBackBy: { open: number; closed: number; corpus: number };
  /** Histories of the corpus that hold it back, which are of no use once it has moved on. */
  histories: string[];
  /** The earliest time at which the patch can move on, in ISO 8601; null if it can now, or if that depends on open runs. */
  movesOnAt: string | null;
  /** The next thing to do: a command, or a short instruction. */
  next: string;
  wrongUses: WrongUse[];
}

/** The patches of some code, as `replay patches --json` prints them (schemas/patches.schema.json). */
export interface PatchReport {
  schemaVersion: 1;
  /** Sorted by id. */
  patches: PatchRow[];
  /** The runs that were looked at; null if only the corpus was. */
  cluster: {
    /** Time in ms for which the cluster keeps closed runs; null if it does not say. */
    retentionMs: number | null;
    openRuns: number;
    closedRuns: number;
    /** Runs that were downloaded. */
    downloaded: number;
    /** Runs that do not replay with the code, or whose history could not be had. */
    unknown: number;
  } | null;
  /** Histories of the corpus that were replayed. */
  histories: number;
  /** Calls whose id only a run can tell. */
  computedIds: { file: string; line: number; column: number }[];
  /** Sentences about what could not be looked at. */
  problems: string[];
}
