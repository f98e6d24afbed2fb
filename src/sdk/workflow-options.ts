import { requireInternal } from './workflow-creator';
import type { IActivation, SdkWorkflowCreator } from './workflow-creator';

/**
 * The options of the sandbox for a new workflow, made from its first activation as the SDK's worker makes them
 * (`createWorkflow` of `@temporalio/worker/lib/worker.js`, checked on 1.24.0), which takes long to load. The screen alone uses it.
 * `test/sdk/workflow-options.test.ts` compares the options with those of the SDK.
 */

type Options = Parameters<SdkWorkflowCreator['createWorkflow']>[0];
type Convert = (value: unknown, name?: string) => unknown;

interface Helpers {
  time: Record<'tsToDate' | 'tsToMs' | 'optionalTsToMs' | 'optionalTsToDate' | 'requiredTsToMs', Convert>;
  utils: Record<'convertToParentWorkflowType' | 'convertToRootWorkflowType', Convert>;
  common: Record<'decompileRetryPolicy' | 'convertDeploymentVersion' | 'decodePriority', Convert> & {
    TypedSearchAttributes: new () => object;
  };
  reasons: { suggestContinueAsNewReasonsFromProto: Convert };
  random: { createUnsafeRandomSource: Convert };
}

let helpers: Helpers | null | undefined;

/** Loads the functions of the SDK with which its worker makes the options; null if they are not there. */
export function workflowOptionHelpers(): Helpers | null {
  if (helpers !== undefined) return helpers;
  const loaded = {
    time: requireInternal<Helpers['time']>('@temporalio/common/lib/time'),
    utils: requireInternal<Helpers['utils']>('@temporalio/worker/lib/utils'),
    common: requireInternal<Helpers['common']>('@temporalio/common'),
    reasons: requireInternal<Helpers['reasons']>('@temporalio/common/lib/continue-as-new'),
    random: requireInternal<Helpers['random']>('@temporalio/workflow/lib/random-helpers'),
  };
  const isComplete =
    NAMES.time.every((name) => typeof loaded.time?.[name] === 'function') &&
    NAMES.utils.every((name) => typeof loaded.utils?.[name] === 'function') &&
    NAMES.common.every((name) => typeof loaded.common?.[name] === 'function') &&
    typeof loaded.reasons?.suggestContinueAsNewReasonsFromProto === 'function' &&
    typeof loaded.random?.createUnsafeRandomSource === 'function';
  return (helpers = isComplete ? (loaded as Helpers) : null);
}

const NAMES = {
  time: ['tsToDate', 'tsToMs', 'optionalTsToMs', 'optionalTsToDate', 'requiredTsToMs'],
  utils: ['convertToParentWorkflowType', 'convertToRootWorkflowType'],
  common: ['decompileRetryPolicy', 'convertDeploymentVersion', 'decodePriority', 'TypedSearchAttributes'],
} as const;

/** Returns the options for the workflow that an activation starts. */
export function workflowOptionsOf(
  activation: IActivation,
  { taskQueue, namespace }: { taskQueue: string; namespace: string },
  { time, utils, common, reasons, random }: Helpers,
): Options {
  const started = activation.jobs?.[0]?.initializeWorkflow;
  if (!started || !activation.timestamp) throw new Error('The first activation starts no workflow.');
  const info = {
    workflowId: started.workflowId,
    runId: activation.runId,
    workflowType: started.workflowType,
    searchAttributes: {},
    typedSearchAttributes: new common.TypedSearchAttributes(),
    parent: utils.convertToParentWorkflowType(started.parentWorkflowInfo),
    root: utils.convertToRootWorkflowType(started.rootWorkflow),
    taskQueue,
    namespace,
    firstExecutionRunId: started.firstExecutionRunId,
    originalExecutionRunId: started.originalExecutionRunId ?? activation.runId,
    continuedFromExecutionRunId: started.continuedFromExecutionRunId || undefined,
    startTime: time.tsToDate(started.startTime),
    runStartTime: time.tsToDate(activation.timestamp),
    executionTimeoutMs: time.optionalTsToMs(started.workflowExecutionTimeout),
    executionExpirationTime: time.optionalTsToDate(started.workflowExecutionExpirationTime),
    runTimeoutMs: time.optionalTsToMs(started.workflowRunTimeout),
    taskTimeoutMs: time.requiredTsToMs(started.workflowTaskTimeout, 'workflowTaskTimeout'),
    retryPolicy: common.decompileRetryPolicy(started.retryPolicy),
    attempt: started.attempt,
    cronSchedule: started.cronSchedule || undefined,
    cronScheduleToScheduleInterval: time.optionalTsToMs(started.cronScheduleToScheduleInterval) || undefined,
    historyLength: activation.historyLength,
    historySize: activation.historySizeBytes?.toNumber() ?? 0,
    continueAsNewSuggested: activation.continueAsNewSuggested,
    targetWorkerDeploymentVersionChanged: activation.targetWorkerDeploymentVersionChanged ?? false,
    suggestedContinueAsNewReasons: reasons.suggestContinueAsNewReasonsFromProto(
      activation.suggestContinueAsNewReasons,
    ),
    currentBuildId: activation.deploymentVersionForCurrentTask?.buildId ?? '',
    currentDeploymentVersion: common.convertDeploymentVersion(activation.deploymentVersionForCurrentTask),
    unsafe: {
      now: () => Date.now(),
      isReplaying: activation.isReplaying,
      isReplayingHistoryEvents: activation.isReplaying,
      random: random.createUnsafeRandomSource(Math.random),
    },
    priority: common.decodePriority(started.priority),
  };
  const options = {
    info,
    randomnessSeed: started.randomnessSeed?.toBytes(),
    now: time.tsToMs(activation.timestamp),
    showStackTraceSources: false,
    failureExceptionTypeNames: undefined,
  };
  return options as unknown as Options;
}
