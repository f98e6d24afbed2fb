import assert from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import vm from 'node:vm';

/**
 * The part of a bundle from which its workflow types are read, without the SDK's worker.
 *
 * It relies on these internals, checked on SDK 1.14.1 and 1.24.0: a bundle is a library named `__TEMPORAL__`
 * (`@temporalio/worker/lib/workflow/bundler.js`) whose `importWorkflows` returns the module of the workflows, and
 * `initRuntime` of `@temporalio/workflow/lib/worker-interface.js` takes the workflow function from that module by its
 * type. A bundle without the library is refused, as the SDK refuses it. `test/sdk/workflow-types.test.ts` fails when an
 * upgrade changes them.
 */

const EVALUATION_TIMEOUT_MS = 30_000;

interface TemporalLibrary {
  importWorkflows?: () => Record<string, unknown>;
}

/**
 * Returns the names of the functions that the workflow code of a bundle exports, sorted. A default export is listed as
 * `default`.
 *
 * @throws the error that the bundle's top level throws
 */
export function workflowTypesOf(code: string, filename: string): string[] {
  const context = vm.createContext(sandboxGlobals(), { microtaskMode: 'afterEvaluate' });
  new vm.Script(code, { filename }).runInContext(context, { timeout: EVALUATION_TIMEOUT_MS });
  const { importWorkflows } = (context as { __TEMPORAL__?: TemporalLibrary }).__TEMPORAL__ ?? {};
  if (typeof importWorkflows !== 'function')
    throw new Error('it is not a bundle of bundleWorkflowCode: it registers no workflows');
  return Object.entries(importWorkflows())
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name)
    .sort();
}

/** Returns the globals that code may use while it loads (`injectGlobals` of `@temporalio/worker/lib/workflow/vm-shared.js`). */
export function sandboxGlobals(): object {
  const silent = (): void => undefined;
  return {
    console: { log: silent, info: silent, warn: silent, error: silent, debug: silent },
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    AbortController,
    assert,
    AsyncLocalStorage,
    __webpack_module_cache__: {},
  };
}
