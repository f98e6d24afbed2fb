import { Script } from 'node:vm';
import {
  type Completion,
  type IActivation,
  overriding,
  type SdkWorkflow,
  type SdkWorkflowCreator,
} from './workflow-creator';

/**
 * How long workflow code may run without coming to an await. The SDK gives each entry into its sandbox a timeout of its
 * own, and each such timeout starts a thread: 80 µs, several times an activation. Relies on `isolateExecutionTimeoutMs` of
 * a creator, which each workflow reads when it is made (`lib/workflow/reusable-vm.js` and `vm.js` of `@temporalio/worker`,
 * checked on 1.24.0); not found, the SDK's timeouts stay. Held by `test/replay/engine/core/recording.test.ts` and, for an endless
 * loop, `test/testing/environment/environment.test.ts`.
 */
interface WithTimeout {
  isolateExecutionTimeoutMs?: number | undefined;
}

/** Takes the SDK's timeouts away: an endless loop is for somebody else to end. */
export function withoutEntryTimeouts<T extends SdkWorkflowCreator>(creator: T): T {
  return 'isolateExecutionTimeoutMs' in creator
    ? Object.assign(creator, { isolateExecutionTimeoutMs: undefined } satisfies WithTimeout)
    : creator;
}

/** Knows where code was that was ended: V8 tells nothing of it. */
export interface LoopPlaces {
  /** Workflow code begins to run. */
  entered(): void;
  left(): void;
  /** Of the code that was ended last: source-mapped, as the lines of an error's stack; empty where nobody saw it. */
  takeStack(): string;
}

export interface Limit {
  limitMs: number;
  places: LoopPlaces;
  /**
   * Ids of the runs whose code was ended once; not run again, though the server tries their tasks for ever. Without it they
   * are.
   */
  endedRuns?: Set<string>;
}

/** One timeout for all of an activation. The workflow task of code that takes longer fails. */
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
 * In a macrotask of its own, for the sake of code that is ended after an await: Node (20) then has async contexts on its
 * stack that nobody takes down, and aborts the process when it finds them. It takes them down where an exception is not
 * caught; a promise job, in which the SDK calls this, would catch all.
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

/** In the words of Node. */
const timedOut = ({ limitMs }: Limit): Error => new Error(`Script execution timed out after ${limitMs}ms`);

const ENTRY = '__temporalReplayEntry';
const entryScript = new Script(`${ENTRY}()`);

/** Only scripts can be given a timeout; it reaches into the contexts that they enter. */
function within<T>({ limitMs, places }: Limit, run: () => T): T {
  const holder = globalThis as { [ENTRY]?: () => T };
  holder[ENTRY] = run;
  places.entered();
  try {
    return entryScript.runInThisContext({ timeout: limitMs }) as T;
  } catch (err) {
    // What an async function throws is in its promise: this is the timeout.
    const { name, message } = err as Error;
    throw Object.assign(err as Error, { stack: `${name}: ${message}\n${places.takeStack()}` });
  } finally {
    // Code that is ended leaves out its own.
    places.left();
  }
}

const failedCompletion = (runId: string | null | undefined, { message, stack }: Error): Completion =>
  ({ runId, failed: { failure: { message, stackTrace: stack } } }) as Completion;
