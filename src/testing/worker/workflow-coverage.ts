import { addCounters, hasCoverageData, readCoverageData } from '../../coverage/coverage-data';
import { sourceMapped } from '../../coverage/source-mapped';
import { sharedCounters } from '../../sdk/coverage-counters';

/** Enables the counters of a bundle, if it is instrumented. Must be called before the bundle's sandbox is made. */
export function countCoverageOf(bundlePath: string): void {
  if (hasCoverageData(bundlePath)) sharedCounters();
}

/**
 * Returns the counts of this process since the last call, as istanbul's coverage by path of the source; null if no bundle is
 * instrumented. Files that no workflow has loaded are left out, because the test runner decides whether they count.
 */
export async function takeCoverage(bundlePaths: readonly string[]): Promise<Record<string, unknown> | null> {
  const instrumented = bundlePaths.filter(hasCoverageData);
  if (instrumented.length === 0) return null;
  const files = await readCoverageData(instrumented);
  const counted = sharedCounters().take().files;
  addCounters(files, counted);
  const run = new Set(counted.map(({ path }) => path));
  const map = await sourceMapped(files.filter(({ path }) => run.has(path)));
  return Object.fromEntries(map.files().map((path) => [path, map.fileCoverageFor(path).toJSON()]));
}
