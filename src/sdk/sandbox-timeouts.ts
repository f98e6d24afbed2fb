import { Script } from 'node:vm';
import {
  type Completion,
  type IActivation,
  overriding,
  type SdkWorkflow,
  type SdkWorkflowCreator,
} from './workflow-creator';

/**
 * A workflow creator with a time limit for workflow code that runs without an await. The SDK gives each entry into its
 * sandbox a timeout, and each timeout starts a thread, which takes 80 µs several times per activation.
 *
 * Relies on `isolateExecutionTimeoutMs` of a creator, which each workflow reads when it is created
 * (`lib/workflow/reusable-vm.js` and `vm.js` of `@temporalio/worker`, checked on 1.24.0). If it is not found, the SDK's
 * timeouts stay. Held by `test/replay/engine/core/recording.test.ts` and, for an endless loop, by
 * `test/testing/environment/environment.test.ts`.
 */
interface WithTimeout {
  isolateExecutionTimeoutMs?: number | undefined;
}

/** Removes the SDK's timeouts. The caller must end endless loops. */
export function withoutEntryTimeouts<T extends SdkWorkflowCreator>(creator: T): T {
  return 'isolateExecutionTimeoutMs' in creator
    ? Object.assign(creator, { isolateExecutionTimeoutMs: undefined } satisfies WithTimeout)
    : creator;
}

/** Finds the location of code that a timeout has ended, which V8 does not report. */
export interface LoopPlaces {
  /** Called before workflow code runs. */
  entered(): void;
  /** Called after workflow code has run. */
  left(): void;
  /** Returns the source-mapped stack lines of the code that was ended last; empty if they are unknown. */
  takeStack(): string;
}

/** The time limit for workflow code. */
export interface Limit {
  limitMs: number;
  places: LoopPlaces;
  /**
   * Ids of runs whose code was ended. They are not run again, although the server retries their tasks forever. If unset, ended runs
   * are run again.
   */
  endedRuns?: Set<string>;
}

/** Returns a creator with one timeout for each activation. The workflow task of code that takes longer fails. */
export function limitedTo(limit: Limit, creator: SdkWorkflowCreator): SdkWorkflowCreator {
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (options) => {
    const { runId } = options.info;
    if (limit.endedRuns?.has(runId)) throw timedOut(limit);
    const workflow = await within(limit, () => creator.createWorkflow(options));
    return overriding(workflow, { activate: (activation) => activateWithin(limit, workflow, activation) });
  };
  return overriding(creator, { createWorkflow });
}

/**
 * Activates in a separate macrotask, for code that is ended after an await: Node (20) then leaves async contexts on its stack, and
 * aborts the process when it finds them. It clears them for an uncaught exception, but a promise job, in which the SDK calls this,
 * catches all exceptions.
 */
function activateWithin(limit: Limit, workflow: SdkWorkflow, activation: IActivation): Promise<Completion> {
  return new Promise((resolve) =>
    setImmediate(() => {
      try {
        resolve(within(limit, () => workflow.activate(activation)));
      } catch (err) {
        limit.endedRuns?.add(activation.runId ?? '');
        resolve(failedCompletion(activation.runId, err as Error));
        process.once('uncaughtException', () => undefined);
        throw err;
      }
    }),
  );
}

/** Creates an error with the message of Node's own timeout. */
const timedOut = ({ limitMs }: Limit): Error => new Error(`Script execution timed out after ${limitMs}ms`);

const ENTRY = '__temporalReplayEntry';
const entryScript = new Script(`${ENTRY}()`);

/** Runs a function with a timeout. Only scripts have timeouts; they also apply to the contexts that a script enters. */
function within<T>({ limitMs, places }: Limit, run: () => T): T {
  const holder = globalThis as { [ENTRY]?: () => T };
  holder[ENTRY] = run;
  places.entered();
  try {
    return entryScript.runInThisContext({ timeout: limitMs }) as T;
  } catch (err) {
    // The error is the timeout: an async function throws into its promise.
    const { name, message } = err as Error;
    throw Object.assign(err as Error, { stack: `${name}: ${message}\n${places.takeStack()}` });
  } finally {
    // Code that is ended skips its own calls of `left`.
    places.left();
  }
}

const failedCompletion = (runId: string | null | undefined, { message, stack }: Error): Completion =>
  ({ runId, failed: { failure: { message, stackTrace: stack } } }) as Completion;
