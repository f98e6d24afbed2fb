import type { MessageParts } from './message';
import type { SourceEdit, SourceLocation } from './source';
import type { TimelineEntry } from './timeline';
import type { Drift, Verdict } from './verdict';

/**
 * What is different, in one word: a command that is `added`, `removed`, `moved`, `renamed` (same kind of command, another
 * name or id) or `replaced` (another kind); `refused` by a rule of core's although the commands are the same; `drift` of
 * content; or what kept the code from being compared.
 */
export type DifferenceKind =
  | 'added'
  | 'removed'
  | 'moved'
  | 'renamed'
  | 'replaced'
  | 'refused'
  | 'drift'
  | 'threw'
  | 'unknown-type'
  | 'bundle'
  | 'endless'
  | 'died'
  | 'unreadable';

/** One line of the comparison: a recorded command event beside the command that the code produced in its place. */
export interface ComparisonRow {
  op: 'same' | 'drifted' | 'removed' | 'added' | 'moved' | 'renamed' | 'replaced';
  /** Id of the recorded event; null on a row that has none. */
  eventId: number | null;
  /** In the words of users: `` `chargeCard` activity ``, `timer 30s`, `` child `shipOrder` ``. */
  recorded: string | null;
  produced: string | null;
  /** True on the first row that differs. */
  isDivergence: boolean;
}

/** The stable codes of remedies; docs/remedies.md has a section for each. */
export type RemedyCode =
  | 'patch'
  | 'keep-patch'
  | 'deprecate-patch'
  | 'rename-back'
  | 'restore-export'
  | 'version-worker'
  | 'fix-error'
  | 'fix-loop'
  | 'give-codec'
  | 'fix-bundle'
  | 'accept-drift'
  | 'undo-drift'
  | 'fetch-again';

export interface Remedy {
  code: RemedyCode;
  /** What to do, in the imperative, one line. */
  title: string;
  /** Why it fits here, and what to watch. */
  text: string;
  /** The code to type; null where there is none. */
  snippet: string | null;
  /** The snippet as edits of the source, where it can be applied as it stands. */
  edits: SourceEdit[];
}

/** Why one history did not come out compatible. */
export interface Diagnosis {
  /** The same for the same cause, from run to run: difference, commands and source place, no ids and no line numbers. */
  fingerprint: string;
  kind: DifferenceKind;
  /** One sentence without payloads: `` `reserveStock` activity now comes after `chargeCard` activity ``. */
  headline: string;
  /** Parts of `headline`. */
  headlineParts: MessageParts;
  /** Whether the recorded run was still open when its history was fetched. */
  isOpen: boolean;
  /** The call that produced the diverging command; for a removed one, where the workflow stood before. */
  location: SourceLocation | null;
  /** Who called it, innermost first. */
  callers: SourceLocation[];
  /** Why there is no location, or what the location stands for where that isn't plain; null otherwise. */
  locationNote: string | null;
  /** Recorded and produced commands round the first difference. */
  rows: ComparisonRow[];
}

/** A command in a {@link ReplayTrace}. */
export interface TracedCommand {
  /** As in `verdict/command-kinds.ts`: `activity`, `timer`, `child` … */
  kind: string;
  name: string | null;
  /** In the words of users. */
  words: string;
  /** Where the code issued it, in the user's own code, innermost first; empty for a recorded command. */
  at: SourceLocation[];
}

/** What the recording pass found out about one history, on its way from the replay process to the diagnosis. */
export interface ReplayTrace {
  kind: DifferenceKind;
  headline: MessageParts;
  isOpen: boolean;
  /** The first difference, and all that differs before both sides agree again. */
  recorded: TracedCommand | null;
  produced: TracedCommand | null;
  /** For each place of `produced`, whether like commands that are as recorded come from there, too. */
  isShared: boolean[];
  removed: TracedCommand[];
  added: TracedCommand[];
  /** Last command before the difference. */
  before: TracedCommand | null;
  /** What the code produced where the recorded command was due, whatever came of that one; null for nothing. */
  instead: TracedCommand | null;
  /** Whether the difference is that the code ends the workflow. */
  endsWorkflow: boolean;
  /** Where the workflow function returned, if that is what differs. */
  returnedAt: SourceLocation[];
  /** Type of the error with which the code now fails the workflow, such as `TypeError`; null where it does not. */
  failureType: string | null;
  /** Where the error was thrown, if that is what differs. */
  thrownAt: SourceLocation[];
  /** Where a drifted value was issued; by the order of `drift`. */
  driftedAt: SourceLocation[];
  /** Where the code was when its time was up, innermost call first. */
  stoppedAt: SourceLocation[];
  hasSourceMap: boolean;
  rows: ComparisonRow[];
  timeline?: TimelineEntry[];
}

/** All results with one cause, with its diagnosis. */
export interface FailureGroup {
  fingerprint: string;
  verdict: Verdict;
  kind: DifferenceKind;
  headline: string;
  /** Parts of `headline`; the JSON report leaves them out. */
  headlineParts: MessageParts;
  count: number;
  /** How many of them were open: those would be stuck. */
  openCount: number;
  /** How many of them the baseline accepts. */
  acceptedCount: number;
  /** How many of them failed at the ref of `--changed-since` already; null without it. */
  existedBeforeCount: number | null;
  workflowTypes: string[];
  /** Indexes into `results`, ascending. */
  results: number[];
  /** At most three. */
  examples: { file: string; workflowId: string | null; runId: string | null; eventId: number | null }[];
  location: SourceLocation | null;
  callers: SourceLocation[];
  locationNote: string | null;
  /** Lines of source round the location, numbered and marked, without colour; null where the source is not at hand. */
  codeFrame: string | null;
  /** Of the first example. */
  rows: ComparisonRow[];
  /** Of the first example. */
  drift: Drift[];
  /** What it means for the running system, one or two sentences. */
  impact: string;
  /** What fits, the best first. */
  remedies: Remedy[];
}
