/**
 * The types that pass between the stages (fetch → history → bundle → replay → verdict → report).
 * Data only: no module here imports another stage.
 */

/** How one history ended. See `docs/verdicts.md` for what each one means. */
export type Verdict = 'compatible' | 'incompatible' | 'failed' | 'drifted' | 'timeout' | 'invalid';

/** A recorded command event, in words: `{ event: 'ActivityTaskScheduled', name: 'chargeCard' }`. */
export interface RecordedCommand {
  /** Event type without prefix, in the CamelCase of the Web UI (`TimerStarted`). */
  event: string;
  /** Activity or child type, timer id, signal name, patch id …; null where the event has none. */
  name: string | null;
}

/** A command that the current code produced: `{ command: 'ScheduleActivityTask', name: 'chargeCard' }`. */
export interface ProducedCommand {
  command: string;
  name: string | null;
}

/** A place in the workflow's source. `line` and `column` count from 1. */
export interface SourceLocation {
  file: string;
  line: number;
  column: number;
  function: string | null;
}

/** The first recorded event that the commands of the current code do not match. */
export interface Divergence {
  eventId: number;
  recorded: RecordedCommand | null;
  produced: ProducedCommand | null;
  location: SourceLocation | null;
  /** The sense of core's own message; null where only our comparison found the difference. */
  coreMessage: string | null;
}

/** One value that core never compares and that is not as recorded. */
export interface Drift {
  eventId: number;
  /** Path within the command (`input[0].amount`, `startToFireTimeout`), or `earlier`. */
  path: string;
  recorded: unknown;
  produced: unknown;
}

/** What became of one history. */
export interface HistoryResult {
  /** The file's path as given, or `temporal://<namespace>/<workflow id>/<run id>` for a streamed one. */
  file: string;
  workflowId: string | null;
  runId: string | null;
  workflowType: string | null;
  verdict: Verdict;
  /** Number of events in the history. */
  events: number;
  /** Id of the last recorded event up to which the code's commands were compared and found to match. */
  verifiedEvents: number;
  durationMs: number;
  divergence?: Divergence;
  drift: Drift[];
  error?: { code: string; message: string };
}

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

/** Whole lines of a file and what to put in their place. Lines count from 1, `endLine` is included; an insertion has `endLine` = `startLine` - 1. */
export interface SourceEdit {
  file: string;
  startLine: number;
  endLine: number;
  replacement: string;
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
  headline: string;
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

export type TimelineKind =
  | 'workflow'
  | 'workflowTask'
  | 'activity'
  | 'localActivity'
  | 'timer'
  | 'child'
  | 'signal'
  | 'update'
  | 'cancelRequest'
  | 'externalSignal'
  | 'externalCancel'
  | 'patch'
  | 'searchAttributes'
  | 'memo'
  | 'nexus'
  | 'marker'
  | 'other';

/** Events that belong to one thing, such as an activity from its scheduling to its end. Without payloads. */
export interface TimelineEntry {
  kind: TimelineKind;
  /** Activity or child type, signal or update name, patch id, timer's duration …; null where there is none. */
  name: string | null;
  /** Ids of the events, ascending. */
  eventIds: number[];
  /** Time of the first event, in ms since the epoch. */
  startMs: number;
  /** Time of the event that ended it; null while it is open. */
  endMs: number | null;
  /** Attempts that the history tells of; 0 where there is no such thing. */
  attempts: number;
  status:
    'completed' | 'failed' | 'timedOut' | 'canceled' | 'terminated' | 'continuedAsNew' | 'open' | 'recorded';
}

/** A result with what its reporters show of it; the JSON report has it by groups only. */
export interface DiagnosedResult extends HistoryResult {
  diagnosis?: Diagnosis;
  /** Of results that are not compatible, where a reporter asked for it. */
  timeline?: TimelineEntry[];
  /** Recorded and produced commands of a compatible history, where they were asked for. */
  comparison?: ComparisonRow[];
  /** Set by `--baseline`: a known failure that does not fail the run. */
  accepted?: { reason: string; expires: string | null };
  /** Set by `--changed-since`: whether the code at that ref fails on this history in the same way. */
  existedBefore?: boolean;
}

/** All results with one cause, with its diagnosis. */
export interface FailureGroup {
  fingerprint: string;
  verdict: Verdict;
  kind: DifferenceKind;
  headline: string;
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

export interface ReportSummary {
  histories: number;
  compatible: number;
  incompatible: number;
  failed: number;
  drifted: number;
  timeout: number;
  invalid: number;
  events: number;
  durationMs: number;
  /** Workflow types that the bundles export and no history covers. */
  uncoveredTypes: string[];
}

/** What a run found; `replay run --reporter json` writes exactly this. */
export interface RunReport {
  schemaVersion: 1;
  summary: ReportSummary;
  results: HistoryResult[];
  /** What is not compatible, by cause: the verdicts in the order of their weight, then the larger groups first. */
  groups: FailureGroup[];
}

/** One failure of one history that a baseline accepts for now. */
export interface BaselineEntry {
  fingerprint: string;
  /** Both ids, or `file` where the history lacks one of them. */
  workflowId: string | null;
  runId: string | null;
  /** Relative to the baseline file, with `/`; null where the ids say which history it is. */
  file: string | null;
  workflowType: string | null;
  verdict: Verdict;
  /** What failed, for people who read the file; null where there was no diagnosis. */
  headline: string | null;
  reason: string;
  /** `YYYY-MM-DD`: the last day, in UTC, on which it is accepted. */
  expires: string;
}

/** What became of a baseline in a run. */
export interface BaselineOutcome {
  /** The baseline file, as it was given. */
  file: string;
  /** Known failures that occur and are no longer accepted. */
  expired: BaselineEntry[];
  /** Known failures that no longer occur although their history was replayed. */
  stale: BaselineEntry[];
}

/** A report as reporters and library callers get it. */
export interface DiagnosedReport extends RunReport {
  results: DiagnosedResult[];
  /** With `--baseline`; no part of the JSON report. */
  baseline?: BaselineOutcome;
  /** With `--changed-since`; no part of the JSON report. */
  changedSince?: {
    /** As it was given. */
    ref: string;
    /** Full hash of the commit that the code is compared with. */
    commit: string;
    /** Why nothing, or less than all, could be compared; null where nothing is wrong. */
    problem: string | null;
  };
}

/**
 * A history on its way to replay: bytes in any supported form, or a file that is read when its turn comes
 * (so that memory stays flat however many there are).
 */
export interface HistorySource {
  /** Shown in the report as `file`; also the path that is read where `bytes` is absent. */
  file: string;
  bytes?: Uint8Array;
}
