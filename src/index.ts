export { TemporalReplayError, isTemporalReplayError, type ErrorCode } from './errors';
export { fetchHistories } from './fetch/fetch-histories';
export { loadHistories } from './history/load';
export type {
  ComparisonRow,
  DiagnosedReport,
  DiagnosedResult,
  Diagnosis,
  DifferenceKind,
  Divergence,
  Drift,
  FailureGroup,
  HistoryResult,
  HistorySource,
  ProducedCommand,
  RecordedCommand,
  Remedy,
  RemedyCode,
  ReportSummary,
  RunReport,
  SourceEdit,
  SourceLocation,
  TimelineEntry,
  TimelineKind,
  Verdict,
} from './model';
export { defineConfig } from './options/define-config';
export type {
  ConnectionOptions,
  FetchedRun,
  FetchOptions,
  FetchOutcome,
  FetchProgress,
  HistoryLike,
  ProjectOptions,
  ReplayConfig,
  ReplayOptions,
  SelectionOptions,
} from './options/types';
export { replayHistories, startReplay, type ReplayRun } from './run/run';
