import type { Worker } from '@temporalio/worker';
import type { V8Contexts } from '../../../model/v8-contexts';
import type { CounterStore } from '../../../sdk/coverage-counters';
import { switchOffPromiseHook } from '../../../sdk/promise-hook';
import { withoutEntryTimeouts } from '../../../sdk/sandbox-timeouts';
import { createWorkerClass } from '../../../sdk/worker-class';
import { type SdkWorkflowCreator, withoutDestroy } from '../../../sdk/workflow-creator';
import { type CurrentReplay, recordingCreator } from '../recorded-workflow';
import type { SharedState } from '../shared-state';
import { withEncodableAnswers } from './encodable-answers';

/**
 * A replay worker that records the commands with which the workflow code answers each activation.
 *
 * It wraps the workflow creator of the SDK's worker (see `src/sdk/worker-class.ts`); workflow code sees no difference. Its
 * speed-ups (`src/sdk/promise-hook.ts`, `src/sdk/sandbox-timeouts.ts`) have no effect if the internals that they rely on
 * are not found. `test/replay/engine/core/recording.test.ts` fails when an upgrade of the SDK changes these internals.
 */

export type RecordingWorkerClass = Pick<typeof Worker, 'runReplayHistories'>;

/** Returns a worker class that records the replays of one replay stream. */
export function createRecordingWorker(options: {
  fast: boolean;
  /** Returns the history that is being replayed. Each worker replays one at a time. */
  current: () => CurrentReplay;
  /** Counters of instrumented code; null if the code is not instrumented. */
  counters: CounterStore | null;
  contexts: V8Contexts['kind'];
  shared?: SharedCreators | undefined;
  sharedState: SharedState;
}): RecordingWorkerClass {
  const { fast, current, counters, contexts, shared, sharedState } = options;
  if (fast) switchOffPromiseHook();
  return createWorkerClass(async (make, bundle) => {
    const creator = shared
      ? withoutDestroy(await shared({ path: bundle.filename, contexts }, make))
      : fast
        ? withoutEntryTimeouts(await make())
        : await make();
    sharedState.open(creator);
    return withEncodableAnswers(recordingCreator(creator, current, { counters, sharedState }));
  });
}

/** Returns the creator that this process has for a bundle and its contexts, and makes it if there is none yet. */
export type SharedCreators = (
  bundle: { path: string; contexts: V8Contexts['kind'] },
  make: () => Promise<SdkWorkflowCreator>,
) => Promise<SdkWorkflowCreator>;
