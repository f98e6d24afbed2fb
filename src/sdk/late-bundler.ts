/**
 * Keeps the SDK's bundler, with the libraries of webpack and of file systems in memory, from being loaded with the SDK's worker: a
 * replay process bundles nothing.
 *
 * Relies on the module `@temporalio/worker/lib/workflow/bundler.js` (checked on 1.24.0), of which the other modules of the SDK read
 * exports only when they bundle. It is loaded as soon as one of them is read, so that nothing else changes if that is earlier.
 * Without the module, nothing changes at all. `test/sdk/late-bundler.test.ts` fails when an upgrade changes it.
 */

const BUNDLER = '@temporalio/worker/lib/workflow/bundler';

/** Makes the SDK's worker load its bundler late. It is called before the worker is loaded. */
export function loadBundlerLate(): void {
  const path = pathOf(BUNDLER);
  if (path === null || require.cache[path] !== undefined) return;
  let loaded: object | null = null;
  const load = (): object => {
    if (loaded !== null) return loaded;
    delete require.cache[path];
    return (loaded = require(path) as object);
  };
  require.cache[path] = {
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

function pathOf(request: string): string | null {
  try {
    return require.resolve(request);
  } catch {
    return null;
  }
}
