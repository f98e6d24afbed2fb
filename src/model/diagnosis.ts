import type { Cause } from './cause';
import type { MessageParts } from './message';
import type { SourceEdit, SourceLocation } from './source';
import type { TimelineEntry } from './timeline';
import type { DecodingSource, UndecodedPayload } from './undecoded-payload';
import type { Drift, Verdict } from './verdict';

/** Every kind of difference between a history and the current code. */
export const DIFFERENCE_KINDS = [
  /** The code produces a command that was not recorded. */
  'added',
  /** The code does not produce a recorded command. */
  'removed',
  /** The code produces a recorded command at another place. */
  'moved',
  /** The code produces the same kind of command under another name or id. */
  'renamed',
  /** The code produces another kind of command. */
  'replaced',
  /** Core's state machines refuse commands that look the same. */
  'refused',
  /** The content of a command differs where core does not compare it. */
  'drift',
  /** The code threw where the recorded run went on. */
  'threw',
  /** No workflow of the code has the recorded type. */
  'unknown-type',
  /** The code does not build. */
  'bundle',
  /** The replay did not end. */
  'endless',
  /** The replay process died. */
  'died',
  /** A recorded payload could not be decoded. */
  'undecoded',
  /** The replay broke by a fault that is not the code's. */
  'unreplayed',
  /** The file is not a history that can be replayed. */
  'unreadable',
  /** This package itself broke over the history, or over its diagnosis. */
  'internal',
] as const;

export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One line of the comparison: a recorded command event beside the command that the code produced in its place. */
export interface ComparisonRow {
  op: 'same' | 'drifted' | 'removed' | 'added' | 'moved' | 'renamed' | 'replaced';
  /** Id of the recorded event; null on a row without one. */
  eventId: number | null;
  /** Description of the recorded command, such as `` `chargeCard` activity `` or `timer 30s`; null on a row without one. */
  recorded: string | null;
  /** Description of the produced command, in the same form; null on a row without one. */
  produced: string | null;
  /** Set on the first row that differs. */
  isDivergence: boolean;
}

/** Separates the description of a child in a {@link ComparisonRow} from its workflow id, which may hold a value of the history. */
export const WITH_ID = ' with id ';

/** A recorded command that was due when the code threw. */
export interface DueCommand {
  eventId: number;
  /** Description of the command, as in {@link ComparisonRow}. */
  words: string;
}

/** The stable codes of all remedies. `docs/diagnosis.md#remedies` says when each one fits. */
export const REMEDY_CODES = [
  'patch',
  'keep-patch',
  'deprecate-patch',
  'rename-back',
  'restore-export',
  'version-worker',
  'fix-error',
  'fix-loop',
  'give-codec',
  'fix-decoding',
  'fix-bundle',
  'accept-drift',
  'undo-drift',
  'fetch-again',
  'report-bug',
] as const;

export type RemedyCode = (typeof REMEDY_CODES)[number];

/** Reasons for which the code of a remedy was not tried. */
export const UNTRIED_REASONS = [
  /** The time for trials was over. */
  'time',
  /** Trials are switched off. */
  'off',
  /** The code is not bundled here: the bundle is prebuilt, or a test has bundled it. */
  'prebuilt',
  /** The trial itself broke. */
  'error',
  /** The report is that of several parts, and these found different code, or not each of them some. */
  'parts',
] as const;

export type UntriedReason = (typeof UNTRIED_REASONS)[number];

/** Reasons for which tried code failed, the one farthest from success first. */
export const FAILED_REASONS = [
  /** The changed code does not build. */
  'build',
  /** Histories of the group are still not compatible. */
  'histories',
  /** Histories that passed would not pass, or would drift. */
  'others',
  /** New runs would go another way than without the change. */
  'new-run',
] as const;

export type FailedReason = (typeof FAILED_REASONS)[number];

/** The outcome of a trial: code was changed in a copy, which was bundled, and the histories were replayed. */
export type RemedyTrial =
  | {
      outcome: 'passed';
      /** Number of histories of the group. All of them are compatible with the change. */
      mended: number;
      /** Number of other histories whose code the change touches. They kept their verdicts. */
      unchanged: number;
      /** `same` if a new run was played with and without the change, and issues the same commands: those of the new branch. */
      newRun: 'same' | 'unplayed';
    }
  /** No change that was tried makes the histories compatible and leaves the others alone. */
  | {
      outcome: 'failed';
      /** Number of ways to write the code that were tried. */
      tried: number;
      /** The reason why the one failed that came closest; absent if several runs have tried it. */
      reason?: FailedReason;
    }
  | { outcome: 'untried'; reason: UntriedReason };

/** Code of a remedy, in both forms. */
export type RemedyChange = Pick<Remedy, 'snippet' | 'edits'>;

/** A remedy as the diagnosis proposes it, with the other ways to write its code, the likeliest first. */
export interface ProposedRemedy extends Remedy {
  alternatives: RemedyChange[];
}

/** A group as the diagnosis makes it. */
export interface ProposedGroup extends FailureGroup {
  remedies: ProposedRemedy[];
}

/** A way to deal with a failure. */
export interface Remedy {
  code: RemedyCode;
  /** The instruction, in the imperative, on one line. */
  title: string;
  /** The reason why the remedy fits, and what to watch out for. */
  text: string;
  /** The code to type, which was tried, or the command to run; null if there is none. */
  snippet: string | null;
  /** The code as edits of the source; empty if there is none. */
  edits: SourceEdit[];
  /** The edits as a unified diff, as `git apply` takes it; absent if there are none, or the file cannot be read. */
  diff?: string;
  /** The outcome of the trial of the code; null if the remedy is words alone. */
  trial: RemedyTrial | null;
  /** Id of the patch that the code has lost; present for `keep-patch` and `deprecate-patch`. */
  patchId?: string;
}

/** Returns true for a remedy with code that passed its trial. */
export const hasPassedTrial = ({ edits, trial }: Pick<Remedy, 'edits' | 'trial'>): boolean =>
  edits.length > 0 && trial?.outcome === 'passed';

/** The reason why a history is not compatible. */
export interface Diagnosis {
  /**
   * Hash of the difference, the commands and the source place, without ids and line numbers, so that it stays the same for the same
   * cause from run to run.
   */
  fingerprint: string;
  kind: DifferenceKind;
  /** One sentence without payloads: `` `reserveStock` activity now comes after `chargeCard` activity ``. */
  headline: string;
  /** Parts of `headline`. */
  headlineParts: MessageParts;
  /** True if the recorded run was still open when its history was fetched. */
  isOpen: boolean;
  /** The call that produced the diverging command; for a removed command, the call before it. */
  location: SourceLocation | null;
  /** Callers of that call, innermost first. */
  callers: SourceLocation[];
  /** The reason why there is no location, or what the location means if that is not obvious; null otherwise. */
  locationNote: string | null;
  /** Recorded and produced commands around the first difference. */
  rows: ComparisonRow[];
  /** The first recorded commands that were due when the code threw; absent if it did not. */
  due?: DueCommand[];
}

/** A command in a {@link ReplayTrace}. */
export interface TracedCommand {
  /** The `CommandKind` of `src/temporal/commands.ts`: `activity`, `timer`, `child` … */
  kind: string;
  name: string | null;
  /** Description of the command, as in {@link ComparisonRow}. */
  words: string;
  /** True if the command ends the run. */
  endsRun: boolean;
  /** Stack of the call in the user's own code, innermost first; empty for a recorded command. */
  at: SourceLocation[];
}

/** Findings of the second replay of one history, as the replay process sends them to the diagnosis. */
export interface ReplayTrace {
  kind: DifferenceKind;
  headline: MessageParts;
  isOpen: boolean;
  /** The recorded command of the first difference. */
  recorded: TracedCommand | null;
  /** The produced command of the first difference. */
  produced: TracedCommand | null;
  /**
   * Set if `produced` has taken over the timer `recorded` of another wait: the place of that wait, if it is known. The kind is
   * `drift` then.
   */
  ownWait: SourceLocation | null;
  /** For each place of `produced`: true if commands of the same kind that are as recorded come from it too. */
  isShared: boolean[];
  /** All recorded commands that differ before both sides agree again. */
  removed: TracedCommand[];
  /** All produced commands that differ before both sides agree again. */
  added: TracedCommand[];
  /** The last command before the difference. */
  before: TracedCommand | null;
  /** The command that the code produced where the recorded one was due; null if it produced none. */
  instead: TracedCommand | null;
  /** True if the difference is that the code ends the workflow. */
  endsWorkflow: boolean;
  /** Stack of the workflow function's return, if that is the difference. */
  returnedAt: SourceLocation[];
  /** Type of the error with which the code fails the workflow, such as `TypeError`; null if it does not. */
  failureType: string | null;
  /** Stack of the thrown error, if that is the difference. */
  thrownAt: SourceLocation[];
  /** Places of the calls that issued the drifted values, in the order of `drift`. */
  driftedAt: SourceLocation[];
  /** Stack of the code when its time was up, innermost call first. */
  stoppedAt: SourceLocation[];
  hasSourceMap: boolean;
  rows: ComparisonRow[];
  /** The first recorded commands that were due when the code threw; absent if it did not. */
  due?: DueCommand[];
  /** Set if a payload could not be decoded: the step that failed, and where it is configured. */
  undecoded: (Pick<UndecodedPayload, 'step' | 'subject'> & { source: DecodingSource }) | null;
  /** Class of the error with which this package itself broke off the second pass, such as `RangeError`; null if it did not. */
  brokenOffBy: string | null;
  timeline?: TimelineEntry[];
}

/** Results of a group that break at another place than the most of it, through the same change. */
export interface CauseVariant {
  fingerprint: string;
  kind: DifferenceKind;
  headline: string;
  /** Parts of `headline`; the JSON report leaves them out. */
  headlineParts: MessageParts;
  /** Id of the recorded event at which the first of its results breaks. */
  eventId: number | null;
  /** Number of results. */
  count: number;
}

/** All results with one cause, and the diagnosis of that cause. */
export interface FailureGroup {
  fingerprint: string;
  verdict: Verdict;
  kind: DifferenceKind;
  headline: string;
  /** Parts of `headline`; the JSON report leaves them out. */
  headlineParts: MessageParts;
  /** Number of results. */
  count: number;
  /** Number of results whose run was open when it was fetched. Those runs would be stuck. */
  openCount: number;
  /** Number of results that the baseline accepts. */
  acceptedCount: number;
  /** Number of results whose recorded run was stuck in this failure already. */
  existingCount: number;
  /** Number of results that already failed at the ref of `--changed-since`; null without that option. */
  existedBeforeCount: number | null;
  workflowTypes: string[];
  /** Indexes into the report's `results`, ascending. */
  results: number[];
  /** At most three of the results. */
  examples: { file: string; workflowId: string | null; runId: string | null; eventId: number | null }[];
  /** The changed line that makes the histories break if it was found, else the call that made the difference. */
  location: SourceLocation | null;
  /** The call that made the difference, if `location` is not that call; null otherwise. */
  issuedAt: SourceLocation | null;
  /** Callers of the call that made the difference, innermost first. */
  callers: SourceLocation[];
  locationNote: string | null;
  /** The change that makes the histories break; null if none was found. */
  cause: Cause | null;
  /** The other differences that the same change makes, the commonest first. */
  variants: CauseVariant[];
  /**
   * Source lines around the location, numbered, without colour; null if the source is not available. The line is marked
   * with `>`, or with `+` and `-` if it is part of a change.
   */
  codeFrame: string | null;
  /** The rows of the first example. */
  rows: ComparisonRow[];
  /** The first recorded commands of that example that were due when the code threw; absent if it did not. */
  due?: DueCommand[];
  /** The drift of the first example. */
  drift: Drift[];
  /** One or two sentences about what the cause means for the running system. */
  impact: string;
  /** Remedies that fit, the best first. */
  remedies: Remedy[];
}
