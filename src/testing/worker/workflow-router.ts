import { Worker } from '@temporalio/worker';
import { temporal } from '@temporalio/proto';
import {
  type Completion,
  type IActivation,
  type SdkCompiledOptions,
  type SdkWorkerInternals,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  type TaskFailure,
  failureOfCompletion,
  failureOfError,
  overriding,
} from '../../sdk/workflow-creator';
import { type Command, endsRun } from '../../temporal/commands';
import { childStarts, scheduledActivities } from './observed-commands';
import { PendingActivities } from './pending-activities';
import type { UnfinishedActivities, ActiveRun, ChildStart, RunStep, ScheduledActivity } from './protocol';

interface WorkflowInfo {
  workflowId: string;
  runId: string;
  workflowType: string;
  parent?: { workflowId: string };
}

export interface RouterOptions {
  /** Types that run the code of the other bundle. */
  mockedWorkflows: ReadonlySet<string>;
  /** Makes the creator of the bundle that stands in for mocked workflows. */
  mocks: (make: MakeCreator) => Promise<SdkWorkflowCreator>;
  /** Keeps the creator of a worker's own bundle, since making one takes longer than most tests. */
  own: (make: MakeCreator) => Promise<SdkWorkflowCreator>;
  /** Workflows that a restart has made strangers to their worker; see {@link failedByRestart}. */
  isStale(workflow: object): boolean;
  onCreated(workflow: object): void;
  onActivated(run: ActiveRun, step: RunStep): void;
  onScheduled(activity: ScheduledActivity): void;
  onUnfinishedActivities(activities: UnfinishedActivities): void;
  /** Awaited before the parent's commands go to the server. */
  beforeChild(start: ChildStart): Promise<void>;
  onFailure(run: ActiveRun, failure: Pick<TaskFailure, 'type' | 'message' | 'stack'>): void;
}

/** Makes a creator of the bundle, or of another one where it is given. */
export type MakeCreator = (bundle?: unknown) => Promise<SdkWorkflowCreator>;

interface Evictions {
  evictionsEmitter?: {
    on(
      event: 'eviction',
      listener: (eviction: {
        runId: string;
        evictJob: { reason?: number | null; message?: string | null };
      }) => void,
    ): void;
  };
}

/** `coresdk.workflow_activation.RemoveFromCache.EvictionReason`. */
const NONDETERMINISM = 3;

/** Calls back where core refuses what workflow code did; `Worker.evictionsEmitter` of the SDK, 1.24.0. */
export function onNondeterminism(worker: object, listener: (runId: string, message: string) => void): void {
  (worker as Evictions).evictionsEmitter?.on('eviction', ({ runId, evictJob }) => {
    if (evictJob.reason === NONDETERMINISM) listener(runId, evictJob.message ?? '');
  });
}

export type TestWorkerClass = Pick<typeof Worker, 'create'>;

/** A worker class that tells what its workflows do, and gives mocked types to another bundle. */
export function createTestWorkerClass(options: RouterOptions): TestWorkerClass {
  const base = Worker as unknown as SdkWorkerInternals;
  class TestWorker extends (Worker as unknown as new () => object) {
    protected static async createWorkflowCreator(
      bundle: unknown,
      compiled: SdkCompiledOptions,
      logger: unknown,
    ): Promise<SdkWorkflowCreator> {
      const make: MakeCreator = (other = bundle) =>
        base.createWorkflowCreator.call(this, other, compiled, logger);
      const own = await options.own(make);
      const mocks = options.mockedWorkflows.size > 0 ? await options.mocks(make) : own;
      return routingCreator(own, mocks, options);
    }
  }
  return TestWorker as unknown as TestWorkerClass;
}

function routingCreator(
  own: SdkWorkflowCreator,
  mocks: SdkWorkflowCreator,
  options: RouterOptions,
): SdkWorkflowCreator {
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (given) => {
    const info = given.info as typeof given.info & WorkflowInfo;
    const run = activeRunOf(info);
    const creator = options.mockedWorkflows.has(info.workflowType) ? mocks : own;
    try {
      const workflow = await creator.createWorkflow(given);
      return observed(workflow, run, options);
    } catch (err) {
      options.onFailure(run, failureOfError(err));
      throw err;
    }
  };
  // Both outlive the worker.
  return overriding(own, { createWorkflow, destroy: () => Promise.resolve() } as Partial<SdkWorkflowCreator>);
}

function observed(workflow: SdkWorkflow, run: ActiveRun, options: RouterOptions): SdkWorkflow {
  const {
    mockedWorkflows,
    isStale,
    onActivated,
    onScheduled,
    onUnfinishedActivities,
    beforeChild,
    onFailure,
  } = options;
  const pending = new PendingActivities();
  options.onCreated(workflow);
  const activate: SdkWorkflow['activate'] = async (activation) => {
    if (isStale(workflow) && (activation.jobs ?? []).length > 0) return failedByRestart(activation.runId);
    pending.resolve(activation.jobs ?? []);
    const completion = await workflow.activate(activation);
    const commands = completion.successful?.commands ?? [];
    // A query is not something that goes on.
    if (!isQueryOnly(activation)) onActivated(run, stepOf(activation, commands));
    pending.schedule(commands);
    if (!activation.isReplaying && commands.length > 0) {
      for (const activity of scheduledActivities(run, commands)) onScheduled(activity);
      for (const start of childStarts(run, commands, mockedWorkflows)) await beforeChild(start);
      const activityIds = pending.leftBy(commands);
      if (activityIds.length > 0)
        onUnfinishedActivities({ workflowId: run.workflowId, runId: run.runId, activityIds });
    }
    if (completion.failed) {
      const { historyLength, isReplaying } = activation;
      onFailure(run, failureOfCompletion(completion, historyLength ?? 0, isReplaying ?? false));
    }
    return completion;
  };
  return overriding(workflow, { activate });
}

/**
 * Makes core forget the workflow and the server give its task to whoever polls, as after the end of a worker. The
 * time-skipping server knows no other way: it leaves tasks of a worker that has ended on that worker's own queue.
 */
const failedByRestart = (runId: string | null | undefined): Completion =>
  ({
    runId,
    failed: {
      failure: { message: 'The test has restarted the worker.', source: 'temporal-replay' },
      forceCause:
        temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
    },
  }) as Completion;

const activeRunOf = ({ workflowId, runId, workflowType, parent }: WorkflowInfo): ActiveRun => ({
  workflowId,
  runId,
  workflowType,
  parentWorkflowId: parent?.workflowId ?? null,
});

const stepOf = ({ jobs, isReplaying }: IActivation, commands: readonly Command[]): RunStep => ({
  isReplay: isReplaying ?? false,
  isTimerOnly: (jobs ?? []).length > 0 && jobs!.every(({ fireTimer }) => fireTimer != null),
  ends: commands.some(endsRun),
});

const isQueryOnly = ({ jobs }: { jobs?: { queryWorkflow?: unknown }[] | null }): boolean =>
  (jobs ?? []).length > 0 && jobs!.every(({ queryWorkflow }) => queryWorkflow != null);
