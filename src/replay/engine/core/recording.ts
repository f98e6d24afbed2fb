import type { Worker } from '@temporalio/worker';
import type { CounterStore } from '../../../sdk/coverage-counters';
import { switchOffPromiseHook } from '../../../sdk/promise-hook';
import { withoutEntryTimeouts } from '../../../sdk/sandbox-timeouts';
import { createWorkerClass } from '../../../sdk/worker-class';
import {
  type IActivation,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  type TaskFailure,
  failureOfCompletion,
  failureOfError,
  overriding,
  sharing,
} from '../../../sdk/workflow-creator';
import type { Activation } from '../../verdict/align';
import type { Command } from '../../../temporal/commands';

/**
 * A replay worker that keeps what the workflow code answered to each activation.
 *
 * This is the one module that reaches into the SDK: it overrides the static `Worker.createWorkflowCreator`
 * (`@temporalio/worker/lib/worker.js`, checked on 1.24.0) and wraps what it returns; workflow code sees no difference.
 * `test/replay/engine/core/recording.test.ts` fails when an upgrade changes any of it. The speed-ups fall back to the SDK's own
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
  shared?: SharedCreators | undefined;
}): RecordingWorkerClass {
  const { fast, current, counters, shared } = options;
  if (fast) switchOffPromiseHook();
  return createWorkerClass(async (make, bundle) => {
    const creator = shared
      ? sharing(await shared(bundle.filename, make))
      : fast
        ? withoutEntryTimeouts(await make())
        : await make();
    return recordingCreator(creator, current, counters);
  });
}

/** By the path of a bundle: the creator that this process has for it, made where there is none yet. */
export type SharedCreators = (
  bundlePath: string,
  make: () => Promise<SdkWorkflowCreator>,
) => Promise<SdkWorkflowCreator>;

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
