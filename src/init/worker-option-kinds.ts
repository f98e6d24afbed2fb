import type { WorkerOptions } from '@temporalio/worker';

/**
 * The use of each option of a worker in the config: `taken` into an option of the same meaning, `module` if only the module of
 * `worker` can give it, and `live` if it has no bearing on replay.
 */
const KINDS = {
  activities: 'live',
  activityTaskPollerBehavior: 'live',
  buildId: 'live',
  bundlerOptions: 'taken',
  connection: 'live',
  dataConverter: 'taken',
  debugMode: 'live',
  defaultHeartbeatThrottleInterval: 'live',
  disablePayloadErrorLimit: 'live',
  enableNonLocalActivities: 'live',
  enableSDKTracing: 'live',
  identity: 'live',
  interceptors: 'taken',
  maxActivitiesPerSecond: 'live',
  maxCachedWorkflows: 'live',
  maxConcurrentActivityTaskExecutions: 'live',
  maxConcurrentActivityTaskPolls: 'live',
  maxConcurrentLocalActivityExecutions: 'live',
  maxConcurrentNexusTaskExecutions: 'live',
  maxConcurrentNexusTaskPolls: 'live',
  maxConcurrentWorkflowTaskExecutions: 'live',
  maxConcurrentWorkflowTaskPolls: 'live',
  maxEagerActivityReservationsPerWorkflowTask: 'live',
  maxHeartbeatThrottleInterval: 'live',
  maxTaskQueueActivitiesPerSecond: 'live',
  namespace: 'taken',
  nexusServices: 'live',
  nexusTaskPollerBehavior: 'live',
  nonStickyToStickyPollRatio: 'live',
  patchActivationCallback: 'module',
  plugins: 'taken',
  reuseV8Context: 'taken',
  showStackTraceSources: 'live',
  shutdownForceTime: 'live',
  shutdownGraceTime: 'live',
  sinks: 'module',
  stickyQueueScheduleToStartTimeout: 'live',
  taskQueue: 'taken',
  tuner: 'live',
  useVersioning: 'live',
  workerDeploymentOptions: 'live',
  workflowBundle: 'taken',
  workflowFailureErrorTypes: 'taken',
  workflowTaskPollerBehavior: 'live',
  workflowThreadPoolSize: 'live',
  workflowsPath: 'taken',
} satisfies Record<keyof WorkerOptions, 'taken' | 'module' | 'live'>;

/** Options that `Worker.create` reads although `WorkerOptions` does not declare them. */
const UNDECLARED = new Set(['isolateExecutionTimeout']);

/** Returns true if a replay has the option only by the module of `worker`. An option that is not known may be such a one. */
export const needsWorkerModule = (option: string): boolean =>
  !UNDECLARED.has(option) && !(option in KINDS && KINDS[option as keyof WorkerOptions] !== 'module');

/** Returns true for an option that `WorkerOptions` declares. */
export const isOptionOfWorker = (option: string): boolean => option in KINDS;
