import { requireInternal } from './workflow-creator';

/**
 * How the counters of instrumented workflow code get out of the sandbox.
 *
 * What of the SDK's internals this relies on (checked on 1.14.1 and 1.24.0): each sandbox gets its globals from
 * `injectGlobals` of `@temporalio/worker/lib/workflow/vm-shared.js`, called through the module's exports; a global that
 * cannot be configured stays where a reused context swaps the globals of one workflow for those of another; and what is
 * frozen already is not frozen again. `test/coverage/replay.test.ts` fails when an upgrade changes any of it.
 */

/** The global that instrumented code finds its counters in. */
export const COVERAGE_VARIABLE = '__temporalReplayCoverage__';

/** How often each statement, function and side of a branch of one file was run; ids are those of istanbul. */
export interface FileCounters {
  path: string;
  /** Of the instrumented code: counters of another build don't fit. */
  hash: string;
  s: Record<string, number>;
  f: Record<string, number>;
  b: Record<string, number[]>;
}

/** How often `patched()` was true (the code has the patch) and false (the history is from before). */
export interface PatchDecisions {
  true: number;
  false: number;
}

export interface Counters {
  files: FileCounters[];
  /** By patch id. */
  patches: Record<string, PatchDecisions>;
}

/** The counters of this process, which all sandboxes share. */
export interface CounterStore {
  /** What was counted since the last call. */
  take(): Counters;
  /** Counts what `patched()` answers in a workflow that the SDK has just made. */
  watchPatches(workflow: object): void;
}

interface VmShared {
  injectGlobals?: (context: object) => void;
}

let shared: CounterStore | null = null;

/**
 * Gives every sandbox that this process makes from now on a place for counters.
 *
 * @throws Error where the SDK has no such place to hook in
 */
export function sharedCounters(): CounterStore {
  return (shared ??= createStore());
}

function createStore(): CounterStore {
  const vmShared = requireInternal<VmShared>('@temporalio/worker/lib/workflow/vm-shared');
  const inject = vmShared?.injectGlobals;
  if (!vmShared || typeof inject !== 'function')
    throw new Error('coverage cannot be measured with this version of @temporalio/worker');
  const known: FileCounters[] = [];
  const files = filesIn(known);
  const patches: Counters['patches'] = {};
  vmShared.injectGlobals = (context) => {
    inject(context);
    Object.defineProperty(context, COVERAGE_VARIABLE, { value: files });
  };
  return {
    take: () => ({ files: known.flatMap(takeFile), patches: takePatches(patches) }),
    watchPatches: (workflow) => watchPatches(workflow, patches),
  };
}

/**
 * What instrumented code takes for a plain object of file counters by path. The SDK freezes the globals of a sandbox, all
 * the way down: this one looks frozen and empty, so the counters stay out of its reach.
 */
function filesIn(known: FileCounters[]): object {
  const current = new Map<PropertyKey, FileCounters>();
  return new Proxy(Object.freeze({}), {
    get: (_, path) => current.get(path),
    set(_, path, counters: FileCounters) {
      current.set(path, counters);
      known.push(counters);
      return true;
    },
  });
}

function takeFile({ path, hash, s, f, b }: FileCounters): FileCounters[] {
  const isCounted = [s, f, b].some((hits) => Object.values(hits).flat().some(Boolean));
  if (!isCounted) return [];
  const taken = { path, hash, s: { ...s }, f: { ...f }, b: copied(b) };
  for (const id of Object.keys(s)) s[id] = 0;
  for (const id of Object.keys(f)) f[id] = 0;
  for (const sides of Object.values(b)) sides.fill(0);
  return [taken];
}

const copied = (b: FileCounters['b']): FileCounters['b'] =>
  Object.fromEntries(Object.entries(b).map(([id, sides]) => [id, Array.from(sides)]));

function takePatches(patches: Counters['patches']): Counters['patches'] {
  const taken = { ...patches };
  for (const id of Object.keys(patches)) delete patches[id];
  return taken;
}

interface PatchingWorkflow {
  activator?: { patchInternal?: (id: string, deprecated: boolean) => boolean };
}

/** `patched()` and `deprecatePatch()` are `Activator.patchInternal` (`@temporalio/workflow/lib/internals.js`). */
function watchPatches(workflow: object, patches: Counters['patches']): void {
  const { activator } = workflow as PatchingWorkflow;
  const original = activator?.patchInternal;
  if (!activator || typeof original !== 'function') return;
  activator.patchInternal = function (id, deprecated) {
    const isTaken = original.call(this, id, deprecated);
    if (!deprecated) (patches[id] ??= { true: 0, false: 0 })[isTaken ? 'true' : 'false']++;
    return isTaken;
  };
}
