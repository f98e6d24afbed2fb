import type { coresdk } from '@temporalio/proto';
import type { Command } from '../temporal/commands';

/**
 * Relies on the SDK's workflow creators: `createWorkflow`, and the completions that its workflows return for activations
 * (`@temporalio/worker/lib/workflow/`, checked on 1.24.0). `test/replay/engine/core/recording.test.ts` and `test/testing/environment/environment.test.ts` fail when an upgrade changes any of it.
 */

/** Failure of a workflow task: what the code threw. */
export interface TaskFailure {
  taskStartedId: number;
  replaying: boolean;
  /** Class of the error, such as `TypeError`. */
  type: string;
  message: string;
  /** Source-mapped. */
  stack: string;
}

export type IActivation = coresdk.workflow_activation.IWorkflowActivation;
export interface Completion {
  successful?: { commands?: Command[] | null } | null;
  failed?: {
    failure?: {
      message?: string | null;
      stackTrace?: string | null;
      applicationFailureInfo?: { type?: string | null } | null;
    } | null;
  } | null;
}
export interface SdkWorkflow {
  activate(activation: IActivation): Promise<Completion>;
}
interface SdkWorkflowInfo {
  taskQueue: string;
  namespace: string;
  runId: string;
}
export interface SdkWorkflowCreator {
  createWorkflow(options: { info: SdkWorkflowInfo }): Promise<SdkWorkflow>;
  destroy(): Promise<void>;
}
/** A bundle as `createWorkflowCreator` takes it: the code with the source map that stands in its last line. */
export function parsedBundle(code: string, path: string): object {
  const { parseWorkflowCode } =
    require('@temporalio/worker/lib/worker') as typeof import('@temporalio/worker/lib/worker');
  return parseWorkflowCode(code, path);
}

/**
 * Lets workflow code call any local activity: in SDK 1.14 one that is registered as `default` does not stand for all
 * (`registeredActivityNames` of `lib/workflow/vm.js`; where there is none, nothing is changed).
 */
export function takingAnyActivity(creator: SdkWorkflowCreator): SdkWorkflowCreator {
  return 'registeredActivityNames' in creator
    ? Object.assign(creator, { registeredActivityNames: new EveryName() })
    : creator;
}

/** The creator, for one more worker whose end is not its end. */
export const sharing = (creator: SdkWorkflowCreator): SdkWorkflowCreator =>
  overriding(creator, { destroy: () => Promise.resolve() });

class EveryName extends Set<string> {
  override has(): boolean {
    return true;
  }
}

/** `target` with some methods replaced; all else, private state included, stays its own. */
export function overriding<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const own = methods[key as keyof T];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export function failureOfCompletion(
  completion: Completion,
  taskStartedId: number,
  replaying: boolean,
): TaskFailure {
  const failure = completion.failed?.failure;
  return {
    taskStartedId,
    replaying,
    type: failure?.applicationFailureInfo?.type || classInStack(failure?.stackTrace ?? '') || 'Error',
    message: failure?.message ?? '',
    stack: failure?.stackTrace ?? '',
  };
}

/** The failure of a workflow task carries the class of the error in its stack only: `TypeError: boom`. */
const classInStack = (stack: string): string | undefined =>
  /^(?:Uncaught )?([A-Z][\w$]*): /m.exec(stack)?.[1];

export function failureOfError(err: unknown): TaskFailure {
  const error = err instanceof Error || isErrorLike(err) ? err : new Error(String(err));
  return {
    taskStartedId: 0,
    replaying: true,
    type: error.name,
    message: error.message,
    stack: error.stack ?? '',
  };
}

/** Errors thrown inside of the sandbox are of another realm. */
const isErrorLike = (err: unknown): err is Error =>
  typeof err === 'object' && err !== null && 'message' in err;

export function requireInternal<T>(id: string): T | undefined {
  try {
    return require(id) as T;
  } catch {
    return undefined;
  }
}
