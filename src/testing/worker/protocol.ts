import type { RetryPolicy } from '@temporalio/common';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { ProjectOptions, ReplayConfig } from '../../options/types';
import type { SearchAttributeTypeName } from '../../server/start';
import type { RpcContract } from '../rpc/rpc-contract';

/**
 * The messages between a test file's process and its test worker: the process with the Temporal server, the SDK workers and
 * the workflow code. Activities run in the test file's process, so the test worker sends their tasks back over the same
 * connection. Payloads are bytes of `temporal.api.common.v1.Payload`, decoded by the codecs; only the test file's side
 * converts them.
 */
export interface TestWorkerContract extends RpcContract {
  requests: {
    openServer: [ServerRequest, OpenedServer];
    /** Builds the workflow code, or takes it from the cache. @throws BUNDLE_FAILED */
    bundle: [BundleRequest, Bundle];
    startSdkWorker: [SdkWorkerRequest, void];
    /** Starts an SDK worker for the Nexus operations that a test mocks. */
    startNexusWorker: [NexusWorkerRequest, void];
    stopSdkWorker: [{ taskQueue: string }, void];
    /** Drops all cached workflows of the SDK worker, as if a new one had started. */
    restartSdkWorker: [{ taskQueue: string }, void];
    /** Replays runs recorded by this server against the bundle. */
    replay: [ReplayRequest, DiagnosedReport];
    /** Replays histories, each given as bytes, in the test worker. */
    replayHistories: [{ bundle: Bundle; histories: readonly HistorySource[] }, DiagnosedReport];
    /** Replays files in replay processes, as `replay run` does. */
    replayFiles: [ReplayFilesRequest, DiagnosedReport];
    /** Builds the projects of replay.config; the result is empty if there is no such file. */
    configuredBundles: [{ cwd: string }, Bundle[]];
    /** Takes istanbul's coverage of the workflow code since the last call; null if the code is not instrumented. */
    coverage: [Record<string, never>, Record<string, unknown> | null];
    /** Takes the metrics that the SDK and workflow code have recorded since the last call. */
    metrics: [Record<string, never>, MetricUpdate[]];
    /** Returns at once: notifications that were sent before the result have arrived with it. */
    settle: [Record<string, never>, void];
    /** Stops all SDK workers. A server that was not released is discarded, because its state is unknown. */
    release: [Record<string, never>, void];
  };
  notifications: { heartbeat: { task: number; details: Uint8Array | null } };
  peerRequests: {
    runActivity: [ActivityTask, ActivityOutcome];
    /** Announces a child workflow of a mocked type. The child starts after the result. */
    startChild: [ChildStart, void];
    runNexusOperation: [NexusTask, NexusOutcome];
  };
  peerNotifications: {
    cancelActivity: { task: number; reason: string; details: object | null };
    /** Workflow code has run. */
    activated: ActiveRun & RunStep;
    /** Workflow code has called an activity. Sent before the activity's task. */
    scheduled: ScheduledActivity;
    /** Workflow code ends a run with activities still pending. */
    unfinishedActivities: UnfinishedActivities;
    taskFailed: FailedTask;
    log: WorkflowLog;
  };
}

export interface Execution {
  workflowId: string;
  runId: string;
}

export interface ServerRequest {
  /** `time-skipping`: the Java test server; `local`: the full dev server, in real time. */
  kind: 'time-skipping' | 'local';
  /** Of the dev server. */
  searchAttributes: Readonly<Record<string, SearchAttributeTypeName>>;
}

export interface OpenedServer {
  address: string;
  namespace: string;
}

export interface BundleRequest {
  project: ProjectOptions;
  /** What relative paths are relative to. */
  cwd: string;
  /** Instrument the workflow code, for `coverage`. */
  coverage: boolean;
}

export interface Bundle {
  path: string;
  workflowTypes: readonly string[];
  /** Absolute path of the module with the data converter; null for the SDK's own. */
  dataConverter: string | null;
  payloadConverter: string | null;
  failureConverter: string | null;
}

export interface SdkWorkerRequest {
  server: ServerRequest;
  taskQueue: string;
  bundle: Bundle;
  /** Workflow types that the test mocks: their code is a call back to the test. */
  mockedWorkflows: readonly string[];
  /** Keep no workflow in memory: each workflow task replays from the start. */
  evictAfterEachTask: boolean;
}

export interface NexusWorkerRequest {
  server: ServerRequest;
  /** Name of the endpoint whose operations it handles. */
  endpoint: string;
  taskQueue: string;
  /** Names. */
  services: readonly string[];
  /** Absolute path of the module with the codecs; null where there are none. */
  dataConverter: string | null;
}

export interface ReplayRequest {
  server: ServerRequest;
  runs: readonly Execution[];
  bundle: Bundle;
}

export interface ReplayFilesRequest {
  /** Absolute. */
  files: readonly string[];
  /** Null for what replay.config says. */
  config: Omit<ReplayConfig, 'histories' | 'fetch'> | null;
  cwd: string;
}

export interface ActivityTask {
  /** Number of the task on this connection. */
  task: number;
  /** The SDK's `activity.Info`, with `heartbeatDetails` as payload bytes. */
  info: object;
  args: Uint8Array[];
  heartbeatDetails: Uint8Array | null;
}

/** An activity that workflow code has called. */
export interface ScheduledActivity extends Execution {
  activityId: string;
  options: RequestedActivityOptions;
}

/** Activities that had not ended when their workflow did. */
export interface UnfinishedActivities extends Execution {
  activityIds: readonly string[];
}

/** What workflow code asked for when it called an activity; null where it did not say. */
export interface RequestedActivityOptions {
  startToCloseTimeoutMs: number | null;
  scheduleToCloseTimeoutMs: number | null;
  scheduleToStartTimeoutMs: number | null;
  heartbeatTimeoutMs: number | null;
  /** Intervals in ms. */
  retryPolicy: RetryPolicy | null;
  taskQueue: string;
  isLocal: boolean;
}

/** A child workflow of a mocked type, as its parent starts it. */
export interface ChildStart {
  parent: Execution;
  workflowId: string;
  workflowType: string;
  taskQueue: string;
  args: Uint8Array[];
}

export type ActivityOutcome =
  | { kind: 'completed'; result: Uint8Array }
  /** Bytes of `temporal.api.failure.v1.Failure`. */
  | { kind: 'failed'; failure: Uint8Array }
  | { kind: 'cancelled'; message: string }
  | { kind: 'async' };

/** One attempt of a Nexus operation that workflow code has called. */
export interface NexusTask {
  endpoint: string;
  service: string;
  /** Name of the operation on the wire. */
  operation: string;
  /** The same for all attempts of a call. */
  requestId: string;
  /** Null where there is none. */
  input: Uint8Array | null;
}

export type NexusOutcome =
  { kind: 'completed'; result: Uint8Array } | { kind: 'failed'; failure: NexusFailure };

/** What the handler of an operation threw. */
export interface NexusFailure {
  error:
    | { class: 'OperationError'; state: 'failed' | 'canceled' }
    /** `retryableOverride` null where its type decides. */
    | { class: 'HandlerError'; type: string; retryableOverride: boolean | null }
    | { class: 'ApplicationFailure' };
  message: string;
  /** Bytes of `temporal.api.failure.v1.Failure`: the cause, or the ApplicationFailure itself. */
  failure: Uint8Array | null;
}

/** A run whose code has run in a worker of this connection. */
export interface ActiveRun extends Execution {
  workflowType: string;
  /** Workflow id of the run that started it as a child. */
  parentWorkflowId: string | null;
}

/** One step of a run: its code went on to the next wait. */
export interface RunStep {
  /** Whether it was replayed. */
  isReplay: boolean;
  /** Whether timers that fired are all that it was for. */
  isTimerOnly: boolean;
  /** Whether the run asks to be closed. */
  ends: boolean;
}

export interface FailedTask extends ActiveRun {
  /** Class of the error, such as `TypeError`; `NondeterminismError` where core refused what the code did. */
  type: string;
  message: string;
  /** Source-mapped. */
  stack: string;
}

export interface WorkflowLog {
  level: string;
  message: string;
  meta: Record<string, unknown>;
  timestampMs: number;
}

export interface MetricUpdate {
  name: string;
  kind: 'counter' | 'histogram' | 'gauge' | 'up-down-counter';
  unit?: string;
  /** Of a counter what was added, else the value itself. */
  value: number;
  attributes: Record<string, string | number | boolean>;
}
