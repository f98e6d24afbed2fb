import { Worker } from '@temporalio/worker';
import {
  type SdkCompiledOptions,
  type SdkWorkerInternals,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  type TaskFailure,
  failureOfCompletion,
  failureOfError,
  overriding,
} from '../sdk/workflow-creator';
import type { ActiveRun } from './protocol';

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
  onActivated(run: ActiveRun): void;
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
  { mockedWorkflows, onActivated, onFailure }: RouterOptions,
): SdkWorkflowCreator {
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (given) => {
    const info = given.info as typeof given.info & WorkflowInfo;
    const run = activeRunOf(info);
    const creator = mockedWorkflows.has(info.workflowType) ? mocks : own;
    try {
      const workflow = await creator.createWorkflow(given);
      return observed(workflow, run, onActivated, onFailure);
    } catch (err) {
      onFailure(run, failureOfError(err));
      throw err;
    }
  };
  // Both outlive the worker.
  return overriding(own, { createWorkflow, destroy: () => Promise.resolve() } as Partial<SdkWorkflowCreator>);
}

function observed(
  workflow: SdkWorkflow,
  run: ActiveRun,
  onActivated: RouterOptions['onActivated'],
  onFailure: RouterOptions['onFailure'],
): SdkWorkflow {
  const activate: SdkWorkflow['activate'] = async (activation) => {
    const completion = await workflow.activate(activation);
    // A query is not something that goes on.
    if (!isQueryOnly(activation)) onActivated(run);
    if (completion.failed) {
      const { historyLength, isReplaying } = activation;
      onFailure(run, failureOfCompletion(completion, historyLength ?? 0, isReplaying ?? false));
    }
    return completion;
  };
  return overriding(workflow, { activate });
}

const activeRunOf = ({ workflowId, runId, workflowType, parent }: WorkflowInfo): ActiveRun => ({
  workflowId,
  runId,
  workflowType,
  parentWorkflowId: parent?.workflowId ?? null,
});

const isQueryOnly = ({ jobs }: { jobs?: { queryWorkflow?: unknown }[] | null }): boolean =>
  (jobs ?? []).length > 0 && jobs!.every(({ queryWorkflow }) => queryWorkflow != null);
