import { createRequire } from 'node:module';

/**
 * Keeps modules that a replay process does not need from being loaded with the SDK: the bundler, with the libraries of webpack and of
 * file systems in memory, and the gRPC client, which the library around core loads for an error alone.
 *
 * Relies on the module `@temporalio/worker/lib/workflow/bundler.js`, and on `@grpc/grpc-js` as a dependency of
 * `@temporalio/core-bridge` (checked on 1.24.0). The SDK reads their exports only when it needs them. A module is loaded as soon as
 * one of its exports is read, so that nothing else changes if that is earlier. A module that is not found changes nothing at all.
 * `test/sdk/late-modules.test.ts` fails when an upgrade changes it.
 */
const LATE: readonly { request: string; of: string }[] = [
  { request: '@temporalio/worker/lib/workflow/bundler', of: '@temporalio/worker' },
  { request: '@grpc/grpc-js', of: '@temporalio/core-bridge' },
];

/** Makes the SDK load these modules late. It is called before the SDK is loaded. */
export function loadModulesLate(): void {
  for (const { request, of } of LATE) {
    const path = pathOf(request, of);
    if (path !== null && require.cache[path] === undefined) require.cache[path] = lateModule(path);
  }
}

function lateModule(path: string): NodeJS.Module {
  let loaded: object | null = null;
  const load = (): object => {
    if (loaded !== null) return loaded;
    delete require.cache[path];
    return (loaded = require(path) as object);
  };
  return {
    ...{ id: path, filename: path, loaded: true, children: [], paths: [], path, parent: null },
    exports: new Proxy({}, handlersFor(load)),
    ...{ require, isPreloading: false },
  } as NodeJS.Module;
}

const handlersFor = (load: () => object): ProxyHandler<object> => ({
  // TypeScript asks each module for it as it is imported.
  get: (_, key) => (key === '__esModule' ? true : (Reflect.get(load(), key) as unknown)),
  has: (_, key) => Reflect.has(load(), key),
  ownKeys: () => Reflect.ownKeys(load()),
  getOwnPropertyDescriptor: (_, key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(load(), key);
    return descriptor && { ...descriptor, configurable: true };
  },
});

/** Returns the path of a module as a package finds it; null if it does not. */
function pathOf(request: string, of: string): string | null {
  try {
    // `sdk-resolution.ts` finds the SDK for this package.
    if (request.startsWith('@temporalio/')) return require.resolve(request);
    return createRequire(require.resolve(of)).resolve(request);
  } catch {
    return null;
  }
}
