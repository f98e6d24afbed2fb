import type { HashedFile } from '../../util/hashed-file';
import type { V8Contexts } from '../../model/v8-contexts';
import type { RetryPolicy } from '@temporalio/common';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { ProjectOptions, ReplayConfig } from '../../options/types';
import type { ServerAnswer, ServerCall } from '../../sdk/connection-calls';
import type { SearchAttributeTypeName } from '../../server/start';
import type { WorkerSource } from '../../worker-options/worker-source';
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
    /** Calls a method of the server. A test calls it through its test worker: see `connectionThrough`. */
    callServer: [ServerCallRequest, ServerAnswer];
    /** Builds the workflow code, or takes it from the cache. @throws BUNDLE_FAILED */
    bundle: [BundleRequest, Bundle];
    /** Finds the module mocks in a test file whose modules are inputs of a bundle. */
    mocksOfInputs: [{ testFile: string; inputs: BundleInputs }, ModuleMock[]];
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
  notifications: {
    heartbeat: { task: number; details: Uint8Array | null };
    /** Ends a call that the test does not wait for any more. */
    abortServerCall: { id: number };
  };
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
    /** Workflow code ends a run with activities or child workflows still pending. */
    unfinishedWork: UnfinishedWork;
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
  /** Search attributes to register with the dev server. */
  searchAttributes: Readonly<Record<string, SearchAttributeTypeName>>;
}

export interface OpenedServer {
  address: string;
  namespace: string;
}

export interface ServerCallRequest {
  /** Number of the call, unique in this connection. */
  id: number;
  server: OpenedServer;
  call: ServerCall;
}

export interface BundleRequest {
  project: ProjectOptions;
  /** Directory that relative paths start from. */
  cwd: string;
  /** True to instrument the workflow code, for `coverage`. */
  coverage: boolean;
}

export interface Bundle extends HashedFile {
  inputs: BundleInputs;
  contexts: V8Contexts;
  workflowTypes: readonly string[];
  /** The options from which each process makes the worker. */
  worker: WorkerSource;
  payloadConverter: string | null;
  failureConverter: string | null;
}

/** The sources of a bundle. */
export interface BundleInputs {
  /** Absolute paths of the user's own files. */
  files: readonly string[];
  /** Names of npm packages. */
  packages: readonly string[];
}

/** A call such as `jest.mock('../src/rate')`. */
export interface ModuleMock {
  /** The function that is called, such as `jest.mock`. */
  call: string;
  /** The module as the call names it. */
  module: string;
  /** Absolute path of the module, or name of its package. */
  input: string;
}

export interface SdkWorkerRequest {
  server: ServerRequest;
  taskQueue: string;
  bundle: Bundle;
  /** Workflow types that run `mocked-workflow.ts`, which calls the test. */
  mockedWorkflows: readonly string[];
  /** True to cache no workflow, so that each workflow task replays from the start. */
  evictAfterEachTask: boolean;
}

export interface NexusWorkerRequest {
  server: ServerRequest;
  /** Name of the endpoint whose operations the SDK worker handles. */
  endpoint: string;
  taskQueue: string;
  /** Names of the Nexus services. */
  services: readonly string[];
  /** The options of the worker under test, whose payload codecs encode its operations. */
  worker: WorkerSource;
}

export interface ReplayRequest {
  server: ServerRequest;
  runs: readonly Execution[];
  bundle: Bundle;
}

export interface ReplayFilesRequest {
  /** Absolute paths. */
  files: readonly string[];
  /** Options of the replay; null for those of replay.config. */
  config: Omit<ReplayConfig, 'histories' | 'fetch'> | null;
  cwd: string;
}

export interface ActivityTask {
  /** Number of the task, unique in this connection. */
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

/** Work that was pending when its workflow ended. */
export interface UnfinishedWork extends Execution {
  activityIds: readonly string[];
  /** Workflow ids of child workflows. */
  childIds: readonly string[];
}

/** Options that workflow code has called an activity with; null for those that it has not set. */
export interface RequestedActivityOptions {
  startToCloseTimeoutMs: number | null;
  scheduleToCloseTimeoutMs: number | null;
  scheduleToStartTimeoutMs: number | null;
  heartbeatTimeoutMs: number | null;
  /** The retry policy, with intervals in ms. */
  retryPolicy: RetryPolicy | null;
  taskQueue: string;
  isLocal: boolean;
}

/** The start of a child workflow of a mocked type. */
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
  /** Id that all attempts of one call have in common. */
  requestId: string;
  /** Bytes of the payload; null if there is no input. */
  input: Uint8Array | null;
}

export type NexusOutcome =
  { kind: 'completed'; result: Uint8Array } | { kind: 'failed'; failure: NexusFailure };

/** The error of an operation's handler. */
export interface NexusFailure {
  error:
    | { class: 'OperationError'; state: 'failed' | 'canceled' }
    /** `retryableOverride` is null if the type decides. */
    | { class: 'HandlerError'; type: string; retryableOverride: boolean | null }
    | { class: 'ApplicationFailure' };
  message: string;
  /** Bytes of `temporal.api.failure.v1.Failure`: the cause of the error, or the ApplicationFailure itself. */
  failure: Uint8Array | null;
}

/** A run whose code has run in an SDK worker of this connection. */
export interface ActiveRun extends Execution {
  workflowType: string;
  /** Workflow id of the parent; null if the run is no child workflow. */
  parentWorkflowId: string | null;
}

/** One activation of a run: its code ran until it waited again. */
export interface RunStep {
  /** True if the activation replays history. */
  isReplay: boolean;
  /** True if all jobs of the activation are fired timers. */
  isTimerOnly: boolean;
  /** True if the activation has ended the run. */
  ends: boolean;
}

export interface FailedTask extends ActiveRun {
  /** Class of the error, such as `TypeError`; `NondeterminismError` if core rejected the commands. */
  type: string;
  message: string;
  /** Source-mapped stack. */
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
  /** Increment of a counter, or the value of another kind. */
  value: number;
  attributes: Record<string, string | number | boolean>;
}
