import { createRequire } from 'node:module';

/**
 * Returns the version of a package with which the SDK bundles (`webpack`, `@swc/core`), as `@temporalio/worker` loads it; null if
 * it is not found.
 */
export function versionOfBundlerPackage(name: string): string | null {
  try {
    const requireFromWorker = createRequire(require.resolve('@temporalio/worker/package.json'));
    return (requireFromWorker(`${name}/package.json`) as { version: string }).version;
  } catch {
    return null;
  }
}
