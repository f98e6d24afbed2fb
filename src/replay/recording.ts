import { Worker } from '@temporalio/worker';
import type { CounterStore } from '../sdk/coverage-counters';
import {
  type IActivation,
  type SdkCompiledOptions,
  type SdkWorkerInternals,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  type TaskFailure,
  failureOfCompletion,
  failureOfError,
  overriding,
  requireInternal,
  sharing,
} from '../sdk/workflow-creator';
import type { Activation } from '../verdict/align';
import type { Command } from '../verdict/command-kinds';

/**
 * A replay worker that keeps what the workflow code answered to each activation.
 *
 * This is the one module that reaches into the SDK: it overrides the static `Worker.createWorkflowCreator`
 * (`@temporalio/worker/lib/worker.js`, checked on 1.24.0) and wraps what it returns; workflow code sees no difference.
 * `test/replay/recording.test.ts` fails when an upgrade changes any of it. The speed-ups fall back to the SDK's own
 * way where the internals they use are not found.
 */

/** What one history made the code do. */
export interface Recording {
  activations: Activation[];
  failure: TaskFailure | null;
}

/** Looks on while a history is replayed, for its diagnosis; see `diagnostic-pass.ts`. */
export interface Observer {
  /** `activate` goes on by hand, outside of core; null where the code threw. */
  begin(workflow: object, activate: (activation: IActivation) => Promise<readonly Command[] | null>): void;
  observe(activation: IActivation, commands: readonly Command[]): Promise<void>;
}

/** The history that is being replayed. */
export interface CurrentReplay {
  recording: Recording;
  identity: ReplayedIdentity;
  observer: Observer | null;
}

/** What workflow code may read of itself in `workflowInfo()` and core does not know on replay. */
export interface ReplayedIdentity {
  taskQueue: string;
  namespace: string;
}

export type RecordingWorkerClass = Pick<typeof Worker, 'runReplayHistories'>;

/** A worker class of its own, since each replay stream records into its own place. */
export function createRecordingWorker(options: {
  fast: boolean;
  /** The history that is being replayed; one at a time for each worker. */
  current: () => CurrentReplay;
  /** Where the code is instrumented. */
  counters: CounterStore | null;
  loaded?: LoadedCreators | undefined;
}): RecordingWorkerClass {
  const { fast, current, counters, loaded } = options;
  if (fast) switchOffPromiseHook();
  const base = Worker as unknown as SdkWorkerInternals;
  class RecordingWorker extends (Worker as unknown as new () => object) {
    protected static async createWorkflowCreator(
      bundle: unknown,
      compiled: SdkCompiledOptions,
      logger: unknown,
    ): Promise<SdkWorkflowCreator> {
      const shared = await loaded?.((bundle as { filename: string }).filename);
      if (shared) return recordingCreator(sharing(shared, compiled), current, counters);
      const unhurried = fast ? await createWithoutVmTimeout(bundle, compiled) : undefined;
      const creator = unhurried ?? (await base.createWorkflowCreator.call(this, bundle, compiled, logger));
      return recordingCreator(creator, current, counters);
    }
  }
  return RecordingWorker as unknown as RecordingWorkerClass;
}

/** By the path of a bundle: a creator of this process that has it loaded already. */
export type LoadedCreators = (bundlePath: string) => Promise<SdkWorkflowCreator> | undefined;

function recordingCreator(
  creator: SdkWorkflowCreator,
  current: () => CurrentReplay,
  counters: CounterStore | null,
): SdkWorkflowCreator {
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (options) => {
    const { recording, identity, observer } = current();
    Object.assign(options.info, identity);
    try {
      const workflow = await creator.createWorkflow(options);
      counters?.watchPatches(workflow);
      observer?.begin(workflow, async (activation) => {
        const completion = await workflow.activate(activation);
        return completion.failed ? null : (completion.successful?.commands ?? []);
      });
      return recordingWorkflow(workflow, recording, observer);
    } catch (err) {
      recording.failure ??= failureOfError(err);
      throw err;
    }
  };
  return overriding(creator, { createWorkflow });
}

function recordingWorkflow(
  workflow: SdkWorkflow,
  recording: Recording,
  observer: Observer | null,
): SdkWorkflow {
  const activate: SdkWorkflow['activate'] = async (activation) => {
    const completion = await workflow.activate(activation);
    const taskStartedId = activation.historyLength ?? 0;
    const replaying = activation.isReplaying ?? false;
    if (completion.failed) {
      recording.failure ??= failureOfCompletion(completion, taskStartedId, replaying);
      return completion;
    }
    const commands = completion.successful?.commands ?? [];
    recording.activations.push({ taskStartedId, replaying, commands });
    await observer?.observe(activation, commands);
    return completion;
  };
  return overriding(workflow, { activate });
}

interface VmShared {
  globalHandlers?: { setPromiseHook?: () => void };
}

/**
 * The hook serves stack-trace queries only and costs up to half of a replay. It is switched off where the SDK installs
 * it; `v8.promiseHooks` itself must stay, since `AsyncLocalStorage` (and so cancellation scopes) lives on it.
 */
function switchOffPromiseHook(): void {
  const shared = requireInternal<VmShared>('@temporalio/worker/lib/workflow/vm-shared');
  if (typeof shared?.globalHandlers?.setPromiseHook === 'function')
    shared.globalHandlers.setPromiseHook = () => {};
}

interface ReusableVm {
  ReusableVMWorkflowCreator?: {
    create?: (
      bundle: unknown,
      timeoutMs: number | undefined,
      activities: Set<string>,
      callback?: unknown,
    ) => Promise<SdkWorkflowCreator>;
  };
}

/** Each entry into the sandbox with a timeout starts a thread (80 µs); the pool's watchdog stops endless loops instead. */
async function createWithoutVmTimeout(
  bundle: unknown,
  compiled: SdkCompiledOptions,
): Promise<SdkWorkflowCreator | undefined> {
  const isReplayDefault = compiled.debugMode === true && compiled.reuseV8Context !== false;
  const isTypical = isReplayDefault && compiled.patchActivationCallback === undefined;
  const create = requireInternal<ReusableVm>('@temporalio/worker/lib/workflow/reusable-vm')
    ?.ReusableVMWorkflowCreator?.create;
  if (!isTypical || typeof create !== 'function') return undefined;
  const { ReusableVMWorkflowCreator } = requireInternal<Required<ReusableVm>>(
    '@temporalio/worker/lib/workflow/reusable-vm',
  )!;
  return create.call(
    ReusableVMWorkflowCreator,
    bundle,
    undefined,
    new Set(compiled.activities.keys()),
    undefined,
  );
}
