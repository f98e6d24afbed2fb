import { addCounters, hasCoverageData, readCoverageData } from '../../coverage/coverage-data';
import { sourceMapped } from '../../coverage/source-mapped';
import { sharedCounters } from '../../sdk/coverage-counters';

/** To be called before a bundle's sandbox is made. */
export function countCoverageOf(bundlePath: string): void {
  if (hasCoverageData(bundlePath)) sharedCounters();
}

/**
 * What was counted in this process since the last call, as istanbul's coverage by path of the source; null where none of
 * the bundles is instrumented. Files that no workflow loaded are not in it: whether they count the test runner knows.
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
