import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { applyEdits } from '../patching/text-edits';
import type { FailedReason, RemedyChange, RemedyTrial } from '../model/diagnosis';
import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import type { SourceEdit } from '../model/source';
import type { Verdict } from '../model/verdict';
import { readTextFile } from '../util/read-text-file';

export type TrialOutcome = RemedyTrial;

const failed = (reason: FailedReason): TrialOutcome => ({ outcome: 'failed', tried: 1, reason });

/** Replays histories against code in which texts stand in for those of files, by their absolute paths. */
export type ReplayWith = (
  texts: ReadonlyMap<string, string>,
  histories: readonly HistorySource[],
) => Promise<DiagnosedReport>;

/** Everything that trials need of a run. */
export interface Trials {
  /** The directory that files of the report are relative to. */
  cwd: string;
  /** Aborted when the time for trials is over, or when the run is aborted. */
  signal: AbortSignal;
  replayWith: ReplayWith;
  /** Returns the histories of results that are still at hand. */
  historiesOf(results: readonly DiagnosedResult[]): HistorySource[];
  /**
   * Returns what a new run issues whose start and answers are those of a result's history, a text for each command but the
   * markers of patches: with texts in place of those of files, or, without any, of the code as it is. Null if it cannot be played.
   */
  newRunOf(texts: ReadonlyMap<string, string>, result: DiagnosedResult): Promise<readonly string[] | null>;
  /** Returns a change as the service's own formatter would write it. */
  inStyle(change: RemedyChange): Promise<RemedyChange>;
  /** Returns the workflow types whose code files are part of; null for all. Undefined if the code is not bundled from files. */
  typesOf(files: readonly string[]): ReadonlySet<string> | null | undefined;
}

/** Demands on a change beside those on the verdicts. */
export interface TrialDemands {
  /** True if new runs have to issue what they issue without the change. */
  keepsNewRuns: boolean;
}

/**
 * Applies edits to a copy of the code and replays the histories of a group, and those that passed and whose code the edits
 * touch.
 */
export async function tryChange(
  edits: readonly SourceEdit[],
  members: readonly DiagnosedResult[],
  { results }: DiagnosedReport,
  trials: Trials,
  { keepsNewRuns }: TrialDemands = { keepsNewRuns: false },
): Promise<TrialOutcome> {
  try {
    const texts = editedTexts(edits, trials.cwd);
    const types = trials.typesOf([...texts.keys()]);
    if (types === undefined) return { outcome: 'untried', reason: 'prebuilt' };
    const others = results.filter(
      ({ verdict, workflowType }) =>
        hasPassed(verdict) && (types === null || workflowType === null || types.has(workflowType)),
    );
    const neighbours = others.filter((result) => !members.includes(result));
    // Most changes that fail do so on the first histories, which is seen soonest when these are replayed alone.
    for (const due of [members.slice(0, 1), [...members, ...neighbours]]) {
      if (trials.signal.aborted) return { outcome: 'untried', reason: 'time' };
      const replayed = await trials.replayWith(texts, trials.historiesOf(due));
      if (trials.signal.aborted) return { outcome: 'untried', reason: 'time' };
      const now = new Map(replayed.results.map(({ file, verdict }) => [file, verdict]));
      const isMended = due.every((result) => isAsWanted(result, now.get(result.file), members));
      if (!isMended) return failed(reasonOf(due, now, members));
      const isLast = due.length > 1 || members.length + neighbours.length === 1;
      if (!isLast) continue;
      const newRun = keepsNewRuns ? await newRunWith(texts, members[0]!, trials) : 'unplayed';
      if (newRun === 'other') return failed('new-run');
      return {
        outcome: 'passed',
        mended: members.length,
        unchanged: countUnchanged(neighbours, now),
        newRun,
      };
    }
    return failed('histories');
  } catch {
    return { outcome: 'untried', reason: trials.signal.aborted ? 'time' : 'error' };
  }
}

/** Returns the reason why not all results are as wanted. */
function reasonOf(
  due: readonly DiagnosedResult[],
  now: ReadonlyMap<string, Verdict>,
  members: readonly DiagnosedResult[],
): FailedReason {
  const verdicts = due.map(({ file }) => now.get(file));
  if (verdicts.every((verdict) => verdict === undefined)) return 'build';
  const own = due.filter((result) => members.includes(result));
  return own.every((result) => isAsWanted(result, now.get(result.file), members)) ? 'others' : 'histories';
}

/** Compares a new run of the changed code with one of the code as it is, which has the new branches alone. */
async function newRunWith(
  texts: ReadonlyMap<string, string>,
  result: DiagnosedResult,
  { newRunOf }: Trials,
): Promise<'same' | 'other' | 'unplayed'> {
  try {
    const [now, changed] = [await newRunOf(new Map(), result), await newRunOf(texts, result)];
    if (now === null || changed === null) return 'unplayed';
    return isDeepStrictEqual(changed, now) ? 'same' : 'other';
  } catch {
    // The time may be over, and the replays have passed.
    return 'unplayed';
  }
}

function editedTexts(edits: readonly SourceEdit[], cwd: string): Map<string, string> {
  const files = new Set(edits.map(({ file }) => file));
  return new Map(
    [...files].map((file) => {
      const path = resolve(cwd, file);
      const lines = (readTextFile(path) ?? '').split('\n');
      return [
        path,
        applyEdits(
          lines,
          edits.filter((edit) => edit.file === file),
        ),
      ];
    }),
  );
}

const hasPassed = (verdict: Verdict): boolean => verdict === 'compatible' || verdict === 'drifted';

/** Returns true if a member of the group is compatible now, or if another result kept its verdict or drifts no more. */
function isAsWanted(
  result: DiagnosedResult,
  now: Verdict | undefined,
  members: readonly DiagnosedResult[],
): boolean {
  if (members.includes(result)) return now === 'compatible';
  // The history of a result that passed may no longer be in memory.
  return now === undefined || now === result.verdict || now === 'compatible';
}

const countUnchanged = (results: readonly DiagnosedResult[], now: ReadonlyMap<string, Verdict>): number =>
  results.filter(({ file, verdict }) => now.get(file) === verdict).length;
