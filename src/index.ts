import './packages/sdk-resolution';
export { TemporalReplayError, isTemporalReplayError, type ErrorCode } from './errors';
export { fetchHistories } from './fetch/lazy-fetch-histories';
export { loadHistories } from './history/load';
export type { DeployAnswer, DeployCounts, DeployReport, DeployRow, VersioningBehavior } from './model/deploy';
export type {
  ComparisonRow,
  Diagnosis,
  DifferenceKind,
  FailureGroup,
  Remedy,
  RemedyCode,
} from './model/diagnosis';
export type { HistorySource } from './model/history';
export type {
  PatchFunction,
  PatchReport,
  PatchRow,
  PatchRuns,
  PatchStage,
  PlacedPatchCall,
  WrongPatchUse,
  WrongUse,
} from './model/patches';
export type { DiagnosedReport, DiagnosedResult, ReportSummary, RunReport } from './model/report';
export type { SourceEdit, SourceLocation } from './model/source';
export type { TimelineEntry, TimelineKind } from './model/timeline';
export type {
  Divergence,
  Drift,
  HistoryResult,
  ProducedCommand,
  RecordedCommand,
  Verdict,
} from './model/verdict';
export { defineConfig } from './options/define-config';
export type {
  ClusterRunOptions,
  ConnectionOptions,
  DeployOptions,
  FetchedRun,
  FetchOptions,
  FetchOutcome,
  FetchProgress,
  HistoryLike,
  PatchOptions,
  ProjectOptions,
  ReplayConfig,
  ReplayOptions,
  SelectionOptions,
} from './options/types';
export { replayHistories, startReplay, type ReplayRun } from './run/run';
export type { DeployedReport } from './versions/can-deploy';
export { canDeploy, inspectPatches } from './versions/lazy-versions';
