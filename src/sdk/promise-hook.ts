import { overriding, requireInternal, type SdkWorkflowCreator } from './workflow-creator';

/**
 * The promise hook with which the SDK answers stack-trace queries. It takes a source-mapped stack of every promise that
 * workflow code makes, which is up to half of the time of a replay.
 *
 * Relies on `globalHandlers` of `@temporalio/worker/lib/workflow/vm-shared.js`, checked on SDK 1.24.0 and held by
 * `test/replay/engine/core/recording.test.ts`. If they are not found, the hook stays on. `v8.promiseHooks` itself must
 * stay, since `AsyncLocalStorage`, and with it cancellation scopes, depends on it.
 */
interface GlobalHandlers {
  setPromiseHook(): void;
  stopPromiseHook(): void;
}

let found: GlobalHandlers | null | undefined;

/** Returns the SDK's handlers; null if they are not as expected. */
function globalHandlers(): GlobalHandlers | null {
  if (found !== undefined) return found;
  const handlers = requireInternal<{ globalHandlers?: Partial<GlobalHandlers> }>(
    '@temporalio/worker/lib/workflow/vm-shared',
  )?.globalHandlers;
  const isThere =
    typeof handlers?.setPromiseHook === 'function' && typeof handlers.stopPromiseHook === 'function';
  return (found = isThere ? (handlers as GlobalHandlers) : null);
}

/** Keeps the SDK from installing the promise hook, for a process that only replays. */
export function switchOffPromiseHook(): void {
  const handlers = globalHandlers();
  if (handlers) handlers.setPromiseHook = () => {};
}

/**
 * Turns the promise hook on only while live workflow code runs, for a process that also replays. Otherwise the hook would be called
 * for each promise of the process.
 */
export function withPromiseHook(creator: SdkWorkflowCreator): SdkWorkflowCreator {
  const handlers = globalHandlers();
  if (!handlers) return creator;
  handlers.stopPromiseHook();
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (options) => {
    const workflow = await hooked(handlers, () => creator.createWorkflow(options));
    return overriding(workflow, {
      activate: (activation) => hooked(handlers, () => workflow.activate(activation)),
    });
  };
  return overriding(creator, { createWorkflow });
}

/** Runs workflow code with the hook on. The code has run when the call returns; its promise is the SDK's. */
function hooked<T>(handlers: GlobalHandlers, run: () => T): T {
  handlers.setPromiseHook();
  try {
    return run();
  } finally {
    handlers.stopPromiseHook();
  }
}
