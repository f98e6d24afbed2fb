import type { PatchDecisionsById } from '../model/patches';
import { requireInternal } from './workflow-creator';

/**
 * Brings the counters of instrumented workflow code out of the sandbox.
 *
 * Relies on these SDK internals (checked on 1.9.3, 1.14.1 and 1.24.0): each sandbox gets its globals from
 * `injectGlobals` (`injectConsole` in older versions) of `@temporalio/worker/lib/workflow/vm-shared.js`, called through the module's exports; a global that
 * cannot be configured stays where a reused context swaps the globals of one workflow for those of another; and what is
 * frozen already is not frozen again. `test/coverage/replay.test.ts` fails when an upgrade changes any of it.
 */

/** Name of the global that holds the counters of instrumented code. */
export const COVERAGE_VARIABLE = '__temporalReplayCoverage__';

/** Hits of each statement, function and branch side of one file, by istanbul's ids. */
export interface FileCounters {
  path: string;
  /** Hash of the instrumented code, because counters of another build do not match. */
  hash: string;
  s: Record<string, number>;
  f: Record<string, number>;
  b: Record<string, number[]>;
}

/** The counters of everything that ran. */
export interface Counters {
  files: FileCounters[];
  patches: PatchDecisionsById;
}

/** The counters of this process, shared by all sandboxes. */
export interface CounterStore {
  /** Returns the counts since the last call. */
  take(): Counters;
  /** Counts the results of `patched()` in a workflow that the SDK has just created. */
  watchPatches(workflow: object): void;
}

type Inject = (context: object) => void;
interface VmShared {
  injectGlobals?: Inject;
  /** Before SDK 1.12. */
  injectConsole?: Inject;
}

let shared: CounterStore | null = null;

/**
 * Adds counters to every sandbox that this process creates from now on.
 *
 * @throws Error if the SDK has no `injectGlobals` to hook into
 */
export function sharedCounters(): CounterStore {
  return (shared ??= createStore());
}

function createStore(): CounterStore {
  const vmShared = requireInternal<VmShared>('@temporalio/worker/lib/workflow/vm-shared');
  const name = vmShared && 'injectGlobals' in vmShared ? 'injectGlobals' : 'injectConsole';
  const inject = vmShared?.[name];
  if (!vmShared || typeof inject !== 'function')
    throw new Error('coverage cannot be measured with this version of @temporalio/worker');
  const known: FileCounters[] = [];
  const files = filesIn(known);
  // A patch id may be that of a member of every object, such as `__proto__`.
  const patches = Object.create(null) as Counters['patches'];
  vmShared[name] = (context) => {
    inject(context);
    Object.defineProperty(context, COVERAGE_VARIABLE, { value: files });
  };
  return {
    take: () => ({ files: known.flatMap(takeFile), patches: takePatches(patches) }),
    watchPatches: (workflow) => watchPatches(workflow, patches),
  };
}

/**
 * Returns an object of file counters by path for instrumented code. The SDK deep-freezes the globals of a sandbox: this one looks
 * frozen and empty, so the counters stay writable.
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

/** Returns a copy of the counters of a file and resets them; nothing if all are 0. */
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
  activator?: {
    patchInternal?: (id: string, deprecated: boolean) => boolean;
    info?: { unsafe?: { isReplaying?: boolean } };
  };
}

/** Wraps `Activator.patchInternal` (`@temporalio/workflow/lib/internals.js`), which `patched()` and `deprecatePatch()` call. */
function watchPatches(workflow: object, patches: Counters['patches']): void {
  const { activator } = workflow as PatchingWorkflow;
  const original = activator?.patchInternal;
  if (!activator || typeof original !== 'function') return;
  activator.patchInternal = function (id, deprecated) {
    const isTaken = original.call(this, id, deprecated);
    if (!deprecated) {
      const made = (patches[id] ??= { true: 0, false: 0 });
      made[isTaken ? 'true' : 'false']++;
      if (!isTaken && activator.info?.unsafe?.isReplaying === false)
        made.switchedOff = (made.switchedOff ?? 0) + 1;
    }
    return isTaken;
  };
}
