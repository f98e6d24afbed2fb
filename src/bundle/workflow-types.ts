import assert from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import vm from 'node:vm';

const EVALUATION_TIMEOUT_MS = 30_000;

interface TemporalHooks {
  importWorkflows?: () => Record<string, unknown>;
}

/**
 * The workflow types that a bundle exports: its function-valued exports, as the SDK's sandbox would see them
 * (`@temporalio/workflow/lib/worker-interface.js`, checked on 1.24.0). A default export is listed as `default`.
 *
 * @throws whatever the bundle's top level throws
 */
export function workflowTypesOf(code: string, filename: string): string[] {
  const context = vm.createContext(sandboxGlobals(), { microtaskMode: 'afterEvaluate' });
  new vm.Script(code, { filename }).runInContext(context, { timeout: EVALUATION_TIMEOUT_MS });
  const { importWorkflows } = (context as { __TEMPORAL__?: TemporalHooks }).__TEMPORAL__ ?? {};
  if (typeof importWorkflows !== 'function')
    throw new Error('it is not a bundle of bundleWorkflowCode: it registers no workflows');
  return Object.entries(importWorkflows())
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name)
    .sort();
}

/** What top-level code may reach for in the sandbox (`@temporalio/worker/lib/workflow/vm-shared.js`, `injectGlobals`). */
function sandboxGlobals(): object {
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
