import type { UndecodedPayload } from '../../model/undecoded-payload';
import type { CounterStore } from '../../sdk/coverage-counters';
import { type FailureErrorTypes, setFailureErrorTypes } from '../../sdk/failure-error-types';
import { encodingsOf, watchConverters } from '../../sdk/watched-converters';
import {
  type IActivation,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  type TaskFailure,
  failureOfCompletion,
  failureOfError,
  overriding,
} from '../../sdk/workflow-creator';
import type { Command } from '../../temporal/commands';
import type { Activation } from '../verdict/align';
import { undecoded } from './payload-steps';
import type { SharedState } from './shared-state';

/*
 * Records the answers of workflow code, and observes them, by wrapping what creates workflows. The code sees no difference.
 */

/** The answers of the workflow code during the replay of one history. */
export interface Recording {
  activations: Activation[];
  /** The first failure of a workflow task; null if none failed. */
  failure: TaskFailure | null;
  /** The first payload that could not be decoded, with the number of activations before it; null if all could be. */
  undecoded: { payload: UndecodedPayload; afterActivations: number } | null;
  /** The encodings that the payload converter of the code decodes; null if they are not known. */
  encodings: readonly string[] | null;
}

/** Returns the recording of a replay that begins. */
export const emptyRecording = (): Recording => ({
  activations: [],
  failure: null,
  undecoded: null,
  encodings: null,
});

/** Records a payload that could not be decoded, if it is the first one. */
export function recordUndecoded(recording: Recording, payload: UndecodedPayload): void {
  recording.undecoded ??= { payload, afterActivations: recording.activations.length };
}

/** An observer of one replay, for the diagnosis; see `diagnostic-pass.ts`. */
export interface Observer {
  /**
   * Called when the workflow has been created. `activate` runs further activations outside of core; it resolves to null if
   * the code throws.
   */
  begin(workflow: object, activate: (activation: IActivation) => Promise<readonly Command[] | null>): void;
  /** Called after each activation that core sends, with the commands that the code answered it with. */
  observe(activation: IActivation, commands: readonly Command[]): Promise<void>;
}

/** The history that is being replayed. */
export interface CurrentReplay {
  recording: Recording;
  identity: ReplayedIdentity;
  observer: Observer | null;
  failureErrorTypes: FailureErrorTypes | undefined;
}

/** Fields of `workflowInfo()` that core does not have on replay. */
export interface ReplayedIdentity {
  taskQueue: string;
  namespace: string;
}

/** Returns a creator whose workflows are recorded as the answers of the current replay. */
export function recordingCreator(
  creator: SdkWorkflowCreator,
  current: () => CurrentReplay,
  { counters, sharedState }: { counters: CounterStore | null; sharedState: SharedState },
): SdkWorkflowCreator {
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (options) => {
    const { recording, identity, observer, failureErrorTypes } = current();
    Object.assign(options.info, identity);
    setFailureErrorTypes(options, failureErrorTypes);
    try {
      const workflow = await creator.createWorkflow(options);
      sharedState.created();
      counters?.watchPatches(workflow);
      recording.encodings = encodingsOf(workflow);
      watchConverters(workflow, (err) => recordUndecoded(recording, undecoded('converter', null, err)));
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
