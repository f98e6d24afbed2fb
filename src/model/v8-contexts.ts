/**
 * The V8 contexts in which workflow code runs. The SDK reuses one context for all workflows of a worker, and gives each
 * workflow its own modules and globals within it (`WorkerOptions.reuseV8Context`). A context of its own for each workflow
 * isolates all code, and takes a few milliseconds more.
 */
export interface V8Contexts {
  kind: 'reused' | 'own';
  /** The worker's option, the SDK's default, or a bundle whose modules a reused context cannot keep apart. */
  because: 'option' | 'default' | 'shared-modules';
}

/** Returns the contexts for a bundle. `reuseV8Context` is the worker's option; null if it is not known. */
export function contextsFor({
  reuseV8Context,
  sharesModuleState,
}: {
  reuseV8Context: boolean | null;
  sharesModuleState: boolean;
}): V8Contexts {
  if (reuseV8Context === false) return { kind: 'own', because: 'option' };
  if (sharesModuleState) return { kind: 'own', because: 'shared-modules' };
  return { kind: 'reused', because: reuseV8Context === null ? 'default' : 'option' };
}
