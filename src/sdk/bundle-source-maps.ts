/**
 * The source maps of the bundles that this process has loaded: the worker keeps a consumer for each (`globalHandlers` in
 * `@temporalio/worker/lib/workflow/vm-shared.js`, checked on SDK 1.14.1 and 1.24.0).
 */
export interface SourceMapConsumer {
  sources: readonly string[];
  /** Lines count from 1, columns from 0. */
  originalPositionFor(position: { line: number; column: number }): {
    source: string | null;
    line: number | null;
    column: number | null;
  };
}

interface VmShared {
  globalHandlers?: { bundleFilenameToSourceMapConsumer?: Map<string, SourceMapConsumer> };
}

/** By the file name of the bundle; undefined where the SDK's internals are not as expected. */
export function bundleSourceMaps(): Map<string, SourceMapConsumer> | undefined {
  try {
    return (require('@temporalio/worker/lib/workflow/vm-shared') as VmShared).globalHandlers
      ?.bundleFilenameToSourceMapConsumer;
  } catch {
    return undefined;
  }
}
