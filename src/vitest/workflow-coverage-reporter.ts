import type { FileCoverageData } from 'istanbul-lib-coverage';
import { type ReportMap, addToReport } from '../coverage/add-to-report';
import type { InstrumentedFile } from '../coverage/instrument';
import { sourceMapped } from '../coverage/source-mapped';
import { openHitsDirectory, takeHits } from '../coverage/workflow-hits';
import { notify } from '../testing/framework/warn';

/** The part of a vitest instance that we use. */
export interface VitestInstance {
  config: { reporters: unknown[] };
}

/**
 * The part of vitest's coverage providers (V8 and istanbul) that we use. It is not public: with a version that lacks it, a file
 * that no test has loaded is reported with our counters, or not at all.
 */
interface CoverageProvider {
  /** Returns true if `coverage.include` and `exclude` let a file in; since vitest 4. */
  isIncluded?(file: string): boolean;
  /** The same in vitest 3. */
  testExclude?: { shouldInstrument(file: string): boolean };
  /** Returns counters of 0 for the files of {@link getUntestedFiles}. */
  getCoverageMapForUncoveredFiles?(tested: string[]): Promise<ReportMap>;
  getUntestedFiles?(tested: string[]): Promise<string[]>;
}

const HINT =
  "workflow code is not in this coverage report. It needs vitest's coverage provider 'v8' or 'istanbul'.";

/**
 * Adds the hits of workflows to the coverage of a vitest run. `onCoverage` is called before reports are written and thresholds
 * are checked.
 */
export class WorkflowCoverageReporter {
  private readonly directory = openHitsDirectory();
  private readonly reported = new WeakSet<object>();

  constructor(private readonly vitest: VitestInstance) {}

  /** vitest 3 passes the coverage here first, and its reporter for shards (`blob`) stores it at this point. */
  onFinished(_files: unknown, _errors: unknown, coverage: unknown): Promise<void> {
    return this.onCoverage(coverage);
  }

  async onCoverage(coverage: unknown): Promise<void> {
    if (typeof coverage !== 'object' || coverage === null || this.reported.has(coverage)) return;
    this.reported.add(coverage);
    const files = takeHits(this.directory);
    if (files.length === 0) return;
    if (isReportMap(coverage)) await this.add(coverage, files);
    else notify(HINT);
  }

  private async add(report: ReportMap, files: readonly FileCoverageData[]): Promise<void> {
    const provider = providerOf(this.vitest);
    const known = new Set(report.files());
    const missing = files.map(({ path }) => path).filter((path) => !known.has(path));
    const included = new Set(missing.filter((path) => isIncluded(provider, path)));
    // Avoids a needless await: in vitest 3 the other reporters do not wait for this one.
    if (included.size > 0 && canCountUntested(provider)) report.merge(await zerosOf(provider, [...included]));
    for (const file of files) if (known.has(file.path) || included.has(file.path)) addToReport(report, file);
  }
}

const providerOf = (vitest: VitestInstance): CoverageProvider =>
  (vitest as { coverageProvider?: CoverageProvider | null }).coverageProvider ?? {};

const canCountUntested = (provider: CoverageProvider): provider is Required<CoverageProvider> =>
  provider.getUntestedFiles !== undefined && provider.getCoverageMapForUncoveredFiles !== undefined;

const isIncluded = (provider: CoverageProvider, file: string): boolean =>
  provider.isIncluded?.(file) ?? provider.testExclude?.shouldInstrument(file) ?? false;

const isReportMap = (coverage: object): coverage is ReportMap =>
  ['files', 'fileCoverageFor', 'filter', 'merge'].every(
    (name) => typeof (coverage as Record<string, unknown>)[name] === 'function',
  );

/**
 * Returns the provider's counters for files that no test has loaded, as it makes them for `coverage.include`. With them, a file has
 * the same statements and branches in each run, and the provider's ignore comments apply.
 */
async function zerosOf(
  provider: Required<CoverageProvider>,
  files: string[],
): Promise<Record<string, FileCoverageData>> {
  const asked = Object.create(provider, {
    getUntestedFiles: { value: () => Promise.resolve(files) },
  }) as typeof provider;
  try {
    const map = await asked.getCoverageMapForUncoveredFiles([]);
    const counters = map.files().map((file) => map.fileCoverageFor(file).toJSON() as InstrumentedFile);
    const mapped = await sourceMapped(counters);
    return Object.fromEntries(mapped.files().map((file) => [file, mapped.fileCoverageFor(file).data]));
  } catch {
    return {};
  }
}
