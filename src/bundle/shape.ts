import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isChangedSince } from '../util/change-time';
import { modulesOf } from '../util/modules-of-function';
import type { BundleSource } from '../worker-options/bundle-source';

/** Identifies the functions that shape a bundle, a `webpackConfigHook` with the hooks of plugins in it. */
export interface Shape {
  cacheKey: string | null;
  /** Content hash of each source of the functions, by path. */
  sources: Record<string, string>;
}

/**
 * Returns what identifies the functions that shape a project's bundle: their sources and `cacheKey`. Returns null if nothing
 * does: the sources are not known, as for a function that a caller of the library gives, or they changed after this process has
 * loaded them, as in watch mode.
 */
export function shapeOf({ bundlerOptions, cacheKey = null }: Partial<BundleSource>): Shape | null {
  const hook = bundlerOptions?.webpackConfigHook;
  if (hook === undefined) return { cacheKey, sources: {} };
  const modules = modulesOf(hook);
  const paths = modules === undefined ? null : sourcesOf(modules);
  if (paths === null) return cacheKey === null ? null : { cacheKey, sources: {} };
  const sources: Record<string, string> = {};
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (isChangedSince(performance.timeOrigin, stat?.ctimeMs ?? null)) return null;
    sources[path] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return { cacheKey, sources };
}

/** Loads the parser for that, which a project without a hook does not need. */
function sourcesOf(modules: readonly string[]): string[] | null {
  const { sourcesOfModules } = require('./module-sources') as typeof import('./module-sources');
  return sourcesOfModules(modules);
}
