import { readFile } from 'node:fs/promises';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { FailureErrorTypes } from './failure-error-types';
import { buildIdOfReplayWorker } from './replay-worker-version';
import {
  type IActivation,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  parsedBundle,
  requireInternal,
} from './workflow-creator';
import { shareWorkflowsByRun } from './workflows-by-run';

/**
 * The SDK's sandbox without a worker: workflows in a reused V8 context, created as a replay worker creates them.
 *
 * Relies on `ReusableVMWorkflowCreator.create(bundle, timeout, activityNames, patchActivationCallback)` and
 * `Worker.createWorkflow(activation, initializeWorkflow, codecRunner)`, which turns the first activation into the options of the
 * sandbox, and `Worker.processSinkCalls(calls, logAttributes)` (`@temporalio/worker/lib/workflow/reusable-vm.js` and `lib/worker.js`, checked on 1.24.0). Without them, there is no
 * sandbox, and the screen leaves all histories to core. `test/sdk/replay-sandbox.test.ts` fails when an upgrade changes them.
 */

interface ReusableVm {
  ReusableVMWorkflowCreator?: {
    create?(
      bundle: object,
      isolateExecutionTimeoutMs: number | undefined,
      registeredActivityNames: ReadonlySet<string>,
      patchActivationCallback: WorkerOptions['patchActivationCallback'],
    ): Promise<SdkWorkflowCreator>;
  };
}

type CreateWorkflow = (
  this: object,
  activation: IActivation,
  initializeWorkflow: unknown,
) => Promise<{ workflow: ReplayedWorkflow }>;

/** Calls of sinks, as the SDK's worker takes them. */
export type SinkCalls = object[];

/** A workflow of the sandbox. */
export interface ReplayedWorkflow extends SdkWorkflow {
  getAndResetSinkCalls(): Promise<SinkCalls>;
  dispose(): Promise<void>;
}

export interface ReplaySandbox {
  creator: SdkWorkflowCreator;
  /** Build id that workflow code sees once it goes on where the history ends. */
  buildId(): string;
}

/** Loads a bundle. Returns null if the SDK's internals are not as expected. */
export async function openReplaySandbox(
  bundlePath: string,
  patchActivationCallback: WorkerOptions['patchActivationCallback'],
): Promise<ReplaySandbox | null> {
  const vm = requireInternal<ReusableVm>('@temporalio/worker/lib/workflow/reusable-vm');
  const Creator = vm?.ReusableVMWorkflowCreator;
  if (typeof Creator?.create !== 'function' || createWorkflowOf(Worker) === null) return null;
  shareWorkflowsByRun();
  const bundle = parsedBundle(await readFile(bundlePath, 'utf8'), bundlePath) as { code: string };
  const creator = await Creator.create(bundle, undefined, new Set(), patchActivationCallback);
  let buildId: string | null = null;
  return { creator, buildId: () => (buildId ??= buildIdOfReplayWorker(bundle.code)) };
}

/** Creates the workflow of a first activation. */
export async function createReplayedWorkflow(
  creator: SdkWorkflowCreator,
  activation: IActivation,
  { namespace, failureErrorTypes }: { namespace: string; failureErrorTypes: FailureErrorTypes | undefined },
): Promise<ReplayedWorkflow> {
  const worker = {
    workflowCreator: creator,
    options: {
      taskQueue: 'replay',
      namespace,
      showStackTraceSources: false,
      workflowFailureErrorTypes: failureErrorTypes,
    },
    logger: { trace: () => undefined },
    numCachedWorkflowsSubject: { next: () => undefined, value: 0 },
  };
  const initialize = activation.jobs?.[0]?.initializeWorkflow;
  const { workflow } = await createWorkflowOf(Worker)!.call(worker, activation, initialize);
  return workflow;
}

type ProcessSinkCalls = (this: object, calls: SinkCalls, logAttributes: object) => Promise<void>;

/** Makes the calls of sinks as a replay worker makes them: those of sinks that ask for calls during a replay. */
export async function callSinks(calls: SinkCalls, sinks: WorkerOptions['sinks']): Promise<void> {
  if (sinks === undefined || calls.length === 0) return;
  const worker = { options: { sinks }, isReplayWorker: true, logger: { error: () => undefined } };
  const { processSinkCalls } = Worker.prototype as unknown as { processSinkCalls?: ProcessSinkCalls };
  await processSinkCalls?.call(worker, calls, {});
}

function createWorkflowOf(worker: { prototype: object }): CreateWorkflow | null {
  const { createWorkflow } = worker.prototype as { createWorkflow?: CreateWorkflow };
  return typeof createWorkflow === 'function' ? createWorkflow : null;
}
