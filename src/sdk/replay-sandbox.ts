import { readFile } from 'node:fs/promises';
import type { WorkerOptions } from '@temporalio/worker';
import { buildIdOfReplayWorker } from './replay-worker-version';
import {
  type IActivation,
  type SdkWorkflow,
  type SdkWorkflowCreator,
  requireInternal,
} from './workflow-creator';
import { workflowOptionHelpers, workflowOptionsOf } from './workflow-options';
import { shareWorkflowsByRun } from './workflows-by-run';

/**
 * The SDK's sandbox without a worker: workflows in a reused V8 context, created as a replay worker creates them. The package of
 * the worker as a whole takes longer to load than most runs take.
 *
 * Relies on `ReusableVMWorkflowCreator.create(bundle, timeout, activityNames, patchActivationCallback)` of
 * `@temporalio/worker/lib/workflow/reusable-vm.js` (checked on 1.24.0). Without it, there is no sandbox, and the screen leaves all
 * histories to core. `test/sdk/replay-sandbox.test.ts` fails when an upgrade changes it.
 */

interface ReusableVm {
  ReusableVMWorkflowCreator?: {
    create?(
      bundle: ParsedBundle,
      isolateExecutionTimeoutMs: number | undefined,
      registeredActivityNames: ReadonlySet<string>,
      patchActivationCallback: WorkerOptions['patchActivationCallback'],
    ): Promise<SdkWorkflowCreator>;
  };
}

interface ParsedBundle {
  code: string;
  sourceMap: object;
  filename: string;
}

/** A workflow of the sandbox. */
export interface ReplayedWorkflow extends SdkWorkflow {
  /** Forgets the calls of sinks that the code has made. */
  getAndResetSinkCalls(): Promise<unknown>;
  dispose(): Promise<void>;
}

export interface ReplaySandbox {
  creator: SdkWorkflowCreator;
  /** Build id that workflow code sees once it goes on where the history ends. */
  buildId(): string;
}

/** Loads the modules of the SDK that the sandbox needs. */
export function preloadSandbox(): void {
  requireInternal<ReusableVm>(REUSABLE_VM);
  workflowOptionHelpers();
}

const REUSABLE_VM = '@temporalio/worker/lib/workflow/reusable-vm';

/** Loads a bundle. Returns null if the SDK's internals are not as expected. */
export async function openReplaySandbox(
  bundlePath: string,
  patchActivationCallback: WorkerOptions['patchActivationCallback'],
): Promise<ReplaySandbox | null> {
  const vm = requireInternal<ReusableVm>(REUSABLE_VM);
  const Creator = vm?.ReusableVMWorkflowCreator;
  if (typeof Creator?.create !== 'function' || workflowOptionHelpers() === null) return null;
  shareWorkflowsByRun();
  const bundle = parsed(await readFile(bundlePath, 'utf8'), bundlePath);
  if (bundle === null) return null;
  const creator = await Creator.create(bundle, undefined, new Set(), patchActivationCallback);
  let buildId: string | null = null;
  return { creator, buildId: () => (buildId ??= buildIdOfReplayWorker(bundle.code)) };
}

const SOURCE_MAP = '//# sourceMappingURL=data:';
const BASE64 = 'base64,';

/** Returns a bundle as the sandbox takes it (`parseWorkflowCode` of `lib/worker.js`); null without an inline source map. */
function parsed(code: string, filename: string): ParsedBundle | null {
  const at = code.lastIndexOf(SOURCE_MAP);
  const data = at === -1 ? -1 : code.indexOf(BASE64, at);
  if (data === -1) return null;
  const text = Buffer.from(code.slice(data + BASE64.length), 'base64').toString();
  return { code, sourceMap: JSON.parse(text) as object, filename };
}

/** Creates the workflow of a first activation. */
export async function createReplayedWorkflow(
  creator: SdkWorkflowCreator,
  activation: IActivation,
  identity: { taskQueue: string; namespace: string },
): Promise<ReplayedWorkflow> {
  const options = workflowOptionsOf(activation, identity, workflowOptionHelpers()!);
  return (await creator.createWorkflow(options)) as ReplayedWorkflow;
}
