import type { coresdk } from '@temporalio/proto';
import type { Command } from '../temporal/commands';
import { type Failure, errorTypeOf, messageOfFailure, stackOfFailure } from '../temporal/failure';

/**
 * Types of the SDK's workflow creators, and wrappers for them.
 *
 * They rely on `createWorkflow`, and on the completions that its workflows return for activations
 * (`@temporalio/worker/lib/workflow/`, checked on 1.24.0). `test/replay/engine/core/recording.test.ts` and
 * `test/testing/environment/environment.test.ts` fail when an upgrade changes any of them.
 */

/** The failure of a workflow task: the error that the code threw. */
export interface TaskFailure {
  /** Id of the event WorkflowTaskStarted; 0 if the workflow could not be created. */
  taskStartedId: number;
  replaying: boolean;
  /** Class of the error, such as `TypeError`. */
  type: string;
  message: string;
  /** Source-mapped stack. */
  stack: string;
}

export type IActivation = coresdk.workflow_activation.IWorkflowActivation;
export interface Completion {
  successful?: { commands?: Command[] | null } | null;
  failed?: { failure?: Failure | null } | null;
}
export interface SdkWorkflow {
  activate(activation: IActivation): Promise<Completion>;
}
interface SdkWorkflowInfo {
  workflowType: string;
  taskQueue: string;
  namespace: string;
  runId: string;
}
export interface SdkWorkflowCreator {
  createWorkflow(options: { info: SdkWorkflowInfo }): Promise<SdkWorkflow>;
  destroy(): Promise<void>;
}
/** Parses a bundle for `createWorkflowCreator`: the code, with the source map in its last line. */
export function parsedBundle(code: string, path: string): object {
  const { parseWorkflowCode } =
    require('@temporalio/worker/lib/worker') as typeof import('@temporalio/worker/lib/worker');
  return parseWorkflowCode(code, path);
}

/**
 * Lets workflow code call any local activity: in SDK 1.14 a `default` activity does not apply to local ones. Relies on
 * `registeredActivityNames` of `lib/workflow/vm.js`, and changes nothing if it is missing.
 */
export function takingAnyActivity(creator: SdkWorkflowCreator): SdkWorkflowCreator {
  return 'registeredActivityNames' in creator
    ? Object.assign(creator, { registeredActivityNames: new EveryName() })
    : creator;
}

/** Returns a creator that survives the end of the worker that uses it. */
export const withoutDestroy = (creator: SdkWorkflowCreator): SdkWorkflowCreator =>
  overriding(creator, { destroy: () => Promise.resolve() });

/**
 * Returns a creator that makes a workflow with `other` if `creator` throws, which it does if the code cannot be loaded. Once
 * that has helped, it makes all workflows with `other`, and passes the error to `onFallBack`.
 */
export function fallingBack(
  creator: SdkWorkflowCreator,
  other: () => Promise<SdkWorkflowCreator>,
  onFallBack: (err: unknown) => void,
): SdkWorkflowCreator {
  let chosen = creator;
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (options) => {
    try {
      return await chosen.createWorkflow(options);
    } catch (err) {
      if (chosen !== creator) throw err;
      const next = await other();
      const workflow = await next.createWorkflow(options);
      chosen = next;
      onFallBack(err);
      return workflow;
    }
  };
  return overriding(creator, { createWorkflow });
}

/** A set that has every name. */
class EveryName extends Set<string> {
  override has(): boolean {
    return true;
  }
}

/** Returns a proxy of `target` with some methods replaced. All other members, including private state, are those of `target`. */
export function overriding<T extends object>(target: T, methods: Partial<T>): T {
  const bound = new Map<PropertyKey, { value: unknown; bound: unknown }>();
  return new Proxy(target, {
    get(_, key) {
      const own = methods[key as keyof T];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const known = bound.get(key);
      if (known?.value === value) return known.bound;
      const made = { value, bound: value.bind(target) as unknown };
      bound.set(key, made);
      return made.bound;
    },
  });
}

/** Returns the failure of a workflow task from its failed completion. */
export function failureOfCompletion(
  completion: Completion,
  taskStartedId: number,
  replaying: boolean,
): TaskFailure {
  const failure = completion.failed?.failure;
  return {
    taskStartedId,
    replaying,
    type: errorTypeOf(failure),
    message: messageOfFailure(failure),
    stack: stackOfFailure(failure),
  };
}

/** Returns the failure of a workflow that could not be created, from the error. */
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

/** Returns true for an error, also one of another realm, such as the sandbox. */
const isErrorLike = (err: unknown): err is Error =>
  typeof err === 'object' && err !== null && 'message' in err;

/** Loads an internal module of the SDK; returns undefined if it does not exist. */
export function requireInternal<T>(id: string): T | undefined {
  try {
    return require(id) as T;
  } catch {
    return undefined;
  }
}
