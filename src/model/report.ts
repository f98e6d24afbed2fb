import type { ComparisonRow, Diagnosis, FailureGroup } from './diagnosis';
import type { TimelineEntry } from './timeline';
import type { HistoryResult, Verdict } from './verdict';

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

/** Totals of a report, with the number of histories of each verdict. */
export interface ReportSummary extends Record<Verdict, number> {
  histories: number;
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
