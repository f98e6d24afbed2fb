import vm from 'node:vm';
import { sandboxGlobals } from './workflow-types';

/**
 * Finds out if a bundle keeps the state of its modules apart between workflows that run in one reused V8 context.
 *
 * The SDK's reused context gives each workflow its own modules by a proxy, `globalThis.__webpack_module_cache__`. It works
 * only if the bundle takes its module cache from there, which the SDK's bundler makes it do by editing webpack's code.
 * Before 1.14.2, 1.15.1, 1.16.3, 1.17.5, 1.18.2, 1.19.1 and 1.20.1, that edit did nothing with webpack 5.108 and later,
 * with a minimizer, or with a dependency that is a webpack bundle itself: then the state of modules leaks from one
 * workflow into the next. The text of a bundle does not tell: the edit may have hit the dependency's cache instead.
 *
 * Checked on SDK 1.9.3, 1.11.8, 1.14.1, 1.18.1 and 1.24.0. A bundle that can't be examined counts as one that shares
 * state, since contexts of their own are right for every bundle. `test/sdk/module-isolation.test.ts` fails when an upgrade
 * changes this.
 */
export function sharesModuleState(code: string, filename: string): boolean {
  const cache: Record<string, { exports?: unknown } | undefined> = {};
  const globals = { ...sandboxGlobals(), __webpack_module_cache__: cache };
  const context = vm.createContext(globals) as { __TEMPORAL__?: { api?: unknown } };
  try {
    // This loads the SDK's part of the bundle, whose module has to lie in the cache then, and no code of the user.
    new vm.Script(code, { filename }).runInContext(context, { timeout: LOAD_TIMEOUT_MS });
  } catch {
    return true;
  }
  const api = context.__TEMPORAL__?.api;
  return api === undefined || !Object.values(cache).some((module) => module?.exports === api);
}

const LOAD_TIMEOUT_MS = 30_000;

/** The first releases whose bundler redirects the cache with every webpack, by minor version. */
const MENDED: Readonly<Record<string, string>> = {
  '1.14': '1.14.2',
  '1.15': '1.15.1',
  '1.16': '1.16.3',
  '1.17': '1.17.5',
  '1.18': '1.18.2',
  '1.19': '1.19.1',
  '1.20': '1.20.1',
};

/** Returns the release to which a worker of this version is updated for bundles that keep module state apart. */
export const mendedRelease = (version: string): string =>
  MENDED[version.split('.').slice(0, 2).join('.')] ?? '1.14.2';
