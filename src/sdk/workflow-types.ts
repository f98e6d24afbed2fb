import assert from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import vm from 'node:vm';

/**
 * The part of a bundle from which its workflow types are read, without the SDK's worker.
 *
 * It relies on these internals, checked on SDK 1.9.3, 1.11.8, 1.14.1, 1.17.0, 1.22.0 and 1.24.0: a bundle is a library named `__TEMPORAL__`
 * (`@temporalio/worker/lib/workflow/bundler.js`) whose `importWorkflows` returns the module of the workflows. `initRuntime` of
 * `@temporalio/workflow/lib/worker-interface.js` makes an activator, which `new Date()`, `uuid4()` and `workflowInfo()` need,
 * calls `importInterceptors` and `importWorkflows`, and takes the workflow function from that module by its type. A bundle
 * without the library is refused, as the SDK refuses it. If `initRuntime` fails by itself, the modules are loaded without an
 * activator. `test/sdk/workflow-types.test.ts` fails when an upgrade changes any of it.
 */

const EVALUATION_TIMEOUT_MS = 30_000;

type Exports = Record<string, unknown>;

interface TemporalLibrary {
  api?: { initRuntime?: (options: object) => void };
  importInterceptors?: () => unknown[];
  importWorkflows?: () => Exports;
}

interface Sandbox {
  __TEMPORAL__?: TemporalLibrary;
  loadWorkflows?: () => void;
}

/**
 * Returns the names of the workflow functions that a bundle exports, sorted. A default export is listed as `default`. The
 * workflow code is loaded as a worker loads it for a run: after the modules of interceptors, with an activator at hand.
 *
 * @throws the error that the bundle's top level throws
 */
export function workflowTypesOf(code: string, filename: string): string[] {
  const context = vm.createContext(sandboxGlobals(), { microtaskMode: 'afterEvaluate' });
  const run = <T>(script: string | vm.Script): T =>
    (typeof script === 'string' ? new vm.Script(script) : script).runInContext(context, {
      timeout: EVALUATION_TIMEOUT_MS,
    }) as T;
  run(DISPOSE_SYMBOLS);
  run(new vm.Script(code, { filename }));
  const sandbox = context as Sandbox;
  const library = sandbox.__TEMPORAL__ ?? {};
  if (typeof library.importWorkflows !== 'function')
    throw new Error('it is not a bundle of bundleWorkflowCode: it registers no workflows');
  let exported: Exports = {};
  // Code that is called from a script of the context is stopped by its timeout.
  sandbox.loadWorkflows = () => {
    exported = exportsOf(library, sandbox);
  };
  run('loadWorkflows()');
  const isClass = run<(value: object) => boolean>(`(${IS_CLASS})`);
  if (isPromise(exported)) {
    Promise.resolve(exported).catch(() => undefined);
    throw new Error('the workflow code uses await at its top level, for which a worker does not wait');
  }
  return Object.entries(exported)
    .filter(([name, value]) => name !== 'interceptors' && isWorkflow(value) && !isClass(value))
    .map(([name]) => name)
    .sort();
}

/** Loads the workflow code of a bundle, and returns its exports. */
function exportsOf(library: TemporalLibrary, sandbox: Sandbox): Exports {
  const { api, importInterceptors = () => [], importWorkflows = () => ({}) } = library;
  let hasBegun = false;
  let exported: Exports | undefined;
  sandbox.__TEMPORAL__ = {
    ...library,
    // The modules of interceptors are loaded, since they may set globals. Their factories may need a real run.
    importInterceptors: () => {
      hasBegun = true;
      importInterceptors();
      return [];
    },
    importWorkflows: () => {
      exported = importWorkflows();
      return { default: () => undefined };
    },
  };
  try {
    api?.initRuntime?.(runtimeOptions());
  } catch (err) {
    if (hasBegun && exported === undefined) throw err;
  }
  return exported ?? importWorkflows();
}

/** A module of webpack that awaits at its top level exports a promise, here one of the sandbox's realm. */
const isPromise = (exported: Exports): boolean => typeof exported['then'] === 'function';

/** The proxies that `proxyActivities` and `proxyLocalActivities` make are functions too. */
const ACTIVITY_PROXIES = ['activityProxyFunction', 'localActivityProxyFunction'];

const isWorkflow = (value: unknown): value is object =>
  typeof value === 'function' && !ACTIVITY_PROXIES.includes(value.name);

/** The source of a function of the sandbox's realm: a class compiled to a function is known by its prototype. */
const IS_CLASS = `function isClass(value) {
  if (/^class\\b/.test(Function.prototype.toString.call(value))) return true;
  const { prototype } = value;
  return (
    typeof prototype === 'object' && prototype !== null && prototype.constructor === value &&
    (Object.getPrototypeOf(prototype) !== Object.prototype || Reflect.ownKeys(prototype).length > 1)
  );
}`;

/** Returns the options of a run of no workflow: everything that a worker knows when it loads workflow code. */
function runtimeOptions(): object {
  const now = Date.now();
  const id = 'temporal-replay-lists-workflow-types';
  return {
    info: {
      workflowId: id,
      runId: id,
      firstExecutionRunId: id,
      originalExecutionRunId: id,
      workflowType: id,
      taskQueue: id,
      namespace: 'default',
      searchAttributes: {},
      typedSearchAttributes: {},
      startTime: new Date(now),
      runStartTime: new Date(now),
      taskTimeoutMs: 10_000,
      attempt: 1,
      historyLength: 3,
      historySize: 0,
      continueAsNewSuggested: false,
      targetWorkerDeploymentVersionChanged: false,
      suggestedContinueAsNewReasons: [],
      currentBuildId: '',
      unsafe: { isReplaying: false, isReplayingHistoryEvents: false },
    },
    now,
    randomnessSeed: [1, 2, 3, 4, 5, 6, 7, 8],
    registeredActivityNames: new Set(),
    getTimeOfDay: () => process.hrtime.bigint(),
    showStackTraceSources: false,
    stackTracesEnabled: false,
    failureExceptionTypeNames: [],
  };
}

/** Node has these symbols, but not in new contexts. */
const DISPOSE_SYMBOLS = ['dispose', 'asyncDispose']
  .map(
    (name) =>
      `Symbol.${name} ?? Object.defineProperty(Symbol, '${name}', { value: Symbol.for('nodejs.${name}') });`,
  )
  .join('\n');

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
