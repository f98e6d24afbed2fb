import { readFile } from 'node:fs/promises';
import type { Script } from 'node:vm';
import type { WorkerOptions } from '@temporalio/worker';
import { type CompiledScript, compiledScript } from '../util/compiled-script';
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
 * histories to core. With the class's constructor, which takes a compiled script before these, and `globalHandlers` of
 * `vm-shared.js`, it does what `create` does with a script that an earlier process has compiled; else `create` compiles it.
 * `test/sdk/replay-sandbox.test.ts` fails when an upgrade changes any of them.
 */

type CreatorArgs = [
  bundle: ParsedBundle,
  isolateExecutionTimeoutMs: number | undefined,
  registeredActivityNames: ReadonlySet<string>,
  patchActivationCallback: WorkerOptions['patchActivationCallback'],
];

interface CreatorClass {
  new (script: Script, ...args: CreatorArgs): SdkWorkflowCreator;
  create?(...args: CreatorArgs): Promise<SdkWorkflowCreator>;
}

interface ReusableVm {
  ReusableVMWorkflowCreator?: CreatorClass;
}

interface VmShared {
  globalHandlers?: { install?(): void; addWorkflowBundle?(bundle: ParsedBundle): Promise<void> };
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
  /** Keeps the bundle's compiled code for the next process, unless it came from an earlier one. */
  keepCompiled(): Promise<void>;
}

/** Loads the modules of the SDK that the sandbox needs. */
export function preloadSandbox(): void {
  requireInternal<ReusableVm>(REUSABLE_VM);
  workflowOptionHelpers();
}

const REUSABLE_VM = '@temporalio/worker/lib/workflow/reusable-vm';
const VM_SHARED = '@temporalio/worker/lib/workflow/vm-shared';
/** The text by which the SDK tells a bundle for reused contexts (`create`). */
const SHARED_CACHE = 'globalThis.__webpack_module_cache__';
/** Number of arguments of the constructor. */
const CONSTRUCTOR_LENGTH = 5;

/** Loads a bundle. Returns null if the SDK's internals are not as expected. */
export async function openReplaySandbox(
  { path, compiledPath }: { path: string; compiledPath: string | null },
  patchActivationCallback: WorkerOptions['patchActivationCallback'],
): Promise<ReplaySandbox | null> {
  const vm = requireInternal<ReusableVm>(REUSABLE_VM);
  const Creator = vm?.ReusableVMWorkflowCreator;
  if (typeof Creator?.create !== 'function' || workflowOptionHelpers() === null) return null;
  shareWorkflowsByRun();
  const bundle = parsed(await readFile(path, 'utf8'), path);
  if (bundle === null) return null;
  const args: CreatorArgs = [bundle, undefined, new Set(), patchActivationCallback];
  const isKept = compiledPath !== null && isCompilable(Creator, bundle);
  const code = isKept ? await compiledScript(bundle.code, { filename: path, keptAt: compiledPath }) : null;
  const creator = code ? await createdWith(code, Creator, args) : await Creator.create(...args);
  let buildId: string | null = null;
  return {
    creator,
    buildId: () => (buildId ??= buildIdOfReplayWorker(bundle.code)),
    async keepCompiled() {
      if (code && !code.wasKept) await code.keep();
    },
  };
}

/** Returns true if the sandbox can be made of a script that is compiled already. */
function isCompilable(Creator: CreatorClass, { code }: ParsedBundle): boolean {
  const handlers = requireInternal<VmShared>(VM_SHARED)?.globalHandlers;
  return (
    Creator.length === CONSTRUCTOR_LENGTH &&
    typeof handlers?.install === 'function' &&
    typeof handlers.addWorkflowBundle === 'function' &&
    code.includes(SHARED_CACHE)
  );
}

/** Does what `create` does after it has compiled the bundle. */
async function createdWith(
  { script }: CompiledScript,
  Creator: CreatorClass,
  args: CreatorArgs,
): Promise<SdkWorkflowCreator> {
  const handlers = requireInternal<VmShared>(VM_SHARED)!.globalHandlers!;
  handlers.install!();
  await handlers.addWorkflowBundle!(args[0]);
  return new Creator(script, ...args);
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
