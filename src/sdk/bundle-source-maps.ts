/**
 * The source map of a loaded bundle. Relies on `globalHandlers` of `@temporalio/worker/lib/workflow/vm-shared.js`, which has one for
 * each bundle (checked on SDK 1.14.1 and 1.24.0).
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

/** Returns the source maps by the bundle's file name; undefined if the SDK's internals are not as expected. */
export function bundleSourceMaps(): Map<string, SourceMapConsumer> | undefined {
  try {
    return (require('@temporalio/worker/lib/workflow/vm-shared') as VmShared).globalHandlers
      ?.bundleFilenameToSourceMapConsumer;
  } catch {
    return undefined;
  }
}
