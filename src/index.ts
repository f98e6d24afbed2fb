export { TemporalReplayError, isTemporalReplayError, type ErrorCode } from './errors';
export { fetchHistories } from './fetch-histories';
export { loadHistories } from './history/load';
export type {
  Divergence,
  Drift,
  HistoryResult,
  HistorySource,
  ProducedCommand,
  RecordedCommand,
  ReportSummary,
  RunReport,
  SourceLocation,
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
export { replayHistories, startReplay, type ReplayRun } from './replay-histories';
