import type { ComparisonRow, Diagnosis, FailureGroup } from './diagnosis';
import type { DeployReport } from './deploy';
import type { EngineCounts } from './engine';
import type { MessageParts } from './message';
import type { RunOrigin } from './run-origin';
import type { TimelineEntry } from './timeline';
import type { HistoryResult, Verdict } from './verdict';

/** A result with everything that reporters show of it. The JSON report leaves diagnosis, timeline and comparison out. */
export interface DiagnosedResult extends HistoryResult {
  diagnosis?: Diagnosis;
  /** Timeline of a history that is not compatible, if a reporter needs it. */
  timeline?: TimelineEntry[];
  /** Recorded and produced commands of a compatible history, if the caller asked for them. */
  comparison?: ComparisonRow[];
  /** Set if the baseline accepts the failure, so that it does not fail the run. */
  accepted?: { reason: string; expires: string | null };
  /** With `--changed-since`: true if the code at that ref fails on this history in the same way. */
  existedBefore?: boolean;
}

/** Totals of a report, with the number of histories of each verdict. */
export interface ReportSummary extends Record<Verdict, number> {
  histories: number;
  events: number;
  durationMs: number;
  /** Workflow types that the bundles export and no history covers. */
  uncoveredTypes: string[];
}

/** Reasons for a note, with what each is about. */
export const NOTES = {
  /** The bundle of a project shares module state, so that its histories were replayed in V8 contexts of their own. */
  'shared-modules': 'V8 contexts',
  /** The code of a project failed in a reused V8 context, so that its histories were replayed in contexts of their own. */
  'reused-context-failed': 'V8 contexts',
  /** Workflow code changed what workflows share, so that later histories were replayed apart from it. */
  'changed-shared-state': 'V8 contexts',
  /** Several projects may have run the histories of a workflow type, and nothing tells which. */
  'ambiguous-project': 'Routing',
} as const;

/** Something that the reader of a report should know, although it fails nothing. */
export interface RunNote {
  /** Names of the projects that it is about. */
  projects: string[];
  because: keyof typeof NOTES;
  message: string;
  /** Parts of `message`; the JSON report leaves them out. */
  parts: MessageParts;
}

/**
 * A run that was `interrupted`, or is `incomplete` because its histories could not all be had, such as from a cluster that fails, has
 * not replayed all of them. Its report says nothing about the others.
 */
export type RunStatus = 'complete' | 'interrupted' | 'incomplete';

/** One of the parts that the histories of a run are divided into. */
export interface Shard {
  /** Number of the part, from 1. */
  index: number;
  /** Number of parts. */
  count: number;
}

/** The result of a run, exactly as `replay run --reporter json` writes it. */
export interface RunReport {
  schemaVersion: 1;
  status: RunStatus;
  /** The place, the time and the versions of the run. Absent for replays within a test. */
  origin?: RunOrigin;
  /**
   * Set with `--shard`: the part that was replayed, and the workflow types that it does not cover. `summary.uncoveredTypes` is empty
   * then, since other parts may cover them.
   */
  shard?: Shard & { uncoveredTypes: string[] };
  summary: ReportSummary;
  results: HistoryResult[];
  /** Everything that is not compatible, grouped by cause: the gravest verdict first, then the largest group. */
  groups: FailureGroup[];
  /** Absent if there are none. */
  notes?: RunNote[];
  /** Present if the screen was asked, see the option `engine`. */
  engine?: EngineCounts;
  /** Set by `replay can-deploy`: the results are then those of the open runs that do not pass without drift. */
  deploy?: DeployReport;
}

/** One failure of one history that a baseline accepts for now. */
export interface BaselineEntry {
  fingerprint: string;
  /** Workflow id; null if the history has none, so that `file` identifies it. */
  workflowId: string | null;
  /** Run id; null if the history has none, so that `file` identifies it. */
  runId: string | null;
  /** Path relative to the baseline file, with `/`; null if the ids identify the history. */
  file: string | null;
  workflowType: string | null;
  verdict: Verdict;
  /** Description of the failure for readers of the file; null without a diagnosis. */
  headline: string | null;
  reason: string;
  /** The last day on which the failure is accepted, in UTC, as `YYYY-MM-DD`. */
  expires: string;
}

/** The entries of a baseline that a run found expired or stale. */
export interface BaselineOutcome {
  /** Path of the baseline, as it was given. */
  file: string;
  /** Entries whose failure occurs but is no longer accepted. */
  expired: BaselineEntry[];
  /** Entries whose failure no longer occurs although its history was replayed. */
  stale: BaselineEntry[];
}

/** A report as reporters and callers of the library get it. */
export interface DiagnosedReport extends RunReport {
  results: DiagnosedResult[];
  /** Set with `--baseline`. */
  baseline?: BaselineOutcome;
  /** Set with `--changed-since`. */
  changedSince?: {
    /** The ref, as it was given. */
    ref: string;
    /** Full hash of the commit that the current code is compared with. */
    commit: string;
    /** The reason why not everything could be compared; null if everything was. */
    problem: string | null;
  };
}
