import { temporal } from '@temporalio/proto';
import type { Worker } from '@temporalio/worker';
import { createWorkerClass, type MakeCreator } from '../../sdk/worker-class';
import {
  type Completion,
  type IActivation,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  type TaskFailure,
  failureOfCompletion,
  failureOfError,
  overriding,
} from '../../sdk/workflow-creator';
import { type Command, endsRun } from '../../temporal/commands';
import { childStarts, scheduledActivities } from './observed-commands';
import { PendingWork } from './pending-work';
import type { UnfinishedWork, ActiveRun, ChildStart, RunStep, ScheduledActivity } from './protocol';

interface WorkflowInfo {
  workflowId: string;
  runId: string;
  workflowType: string;
  parent?: { workflowId: string };
}

export interface RouterOptions {
  /** Workflow types that run the code of the other bundle. */
  mockedWorkflows: ReadonlySet<string>;
  /** Returns the creator of the bundle with the code of mocked workflows. */
  mocks: (make: MakeCreator) => Promise<SdkWorkflowCreator>;
  /** Returns the creator of the worker's own bundle, cached because making one takes longer than most tests. */
  own: (make: MakeCreator) => Promise<SdkWorkflowCreator>;
  /** Returns true if the workflow was created before the last restart; see {@link failedByRestart}. */
  isStale(workflow: object): boolean;
  onCreated(workflow: object): void;
  onActivated(run: ActiveRun, step: RunStep): void;
  onScheduled(activity: ScheduledActivity): void;
  onUnfinishedWork(work: UnfinishedWork): void;
  /** Called for a child workflow of a mocked type; the parent's commands go to the server after it. */
  beforeChild(start: ChildStart): Promise<void>;
  onFailure(run: ActiveRun, failure: Pick<TaskFailure, 'type' | 'message' | 'stack'>): void;
}

/** Returns a worker class that reports what its workflows do, and runs mocked workflow types with the code of another bundle. */
export function createRoutingWorkerClass(options: RouterOptions): Pick<typeof Worker, 'create'> {
  return createWorkerClass(async (make) => {
    const own = await options.own(make);
    const mocks = options.mockedWorkflows.size > 0 ? await options.mocks(make) : own;
    return routingCreator(own, mocks, options);
  });
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
  const { mockedWorkflows, isStale, onActivated, onScheduled, onUnfinishedWork, beforeChild, onFailure } =
    options;
  const pending = new PendingWork();
  options.onCreated(workflow);
  const activate: SdkWorkflow['activate'] = async (activation) => {
    if (isStale(workflow) && (activation.jobs ?? []).length > 0) return failedByRestart(activation.runId);
    pending.resolve(activation.jobs ?? []);
    const completion = await workflow.activate(activation);
    const commands = completion.successful?.commands ?? [];
    // A query does not change the run.
    if (!isQueryOnly(activation)) onActivated(run, stepOf(activation, commands));
    pending.schedule(commands);
    if (!activation.isReplaying && commands.length > 0) {
      for (const activity of scheduledActivities(run, commands)) onScheduled(activity);
      for (const start of childStarts(run, commands, mockedWorkflows)) await beforeChild(start);
      const left = pending.leftBy(commands);
      if (left) onUnfinishedWork({ workflowId: run.workflowId, runId: run.runId, ...left });
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
 * Returns a completion that makes core drop the workflow from its cache, and the server offer the task to any worker, as
 * after the end of a worker. Stopping the worker is not enough: the time-skipping server leaves the tasks of a stopped
 * worker on that worker's sticky queue.
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
