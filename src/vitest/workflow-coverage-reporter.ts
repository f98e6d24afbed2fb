import type { FileCoverageData } from 'istanbul-lib-coverage';
import { type ReportMap, addToReport } from '../coverage/add-to-report';
import type { InstrumentedFile } from '../coverage/instrument';
import { sourceMapped } from '../coverage/source-mapped';
import { openHitsDirectory, takeHits } from '../coverage/workflow-hits';

/** What we use of a vitest instance. */
export interface VitestInstance {
  config: { reporters: unknown[] };
}

/**
 * Vitest's own providers, V8 and istanbul, as far as we ask them. Not public: where a version has none of it, a file that
 * no test has loaded comes into the report with our counters, or not at all.
 */
interface CoverageProvider {
  /** Whether `coverage.include` and `exclude` let a file in; since vitest 4. */
  isIncluded?(file: string): boolean;
  /** The same in vitest 3. */
  testExclude?: { shouldInstrument(file: string): boolean };
  /** Counters of what {@link getUntestedFiles} names, all of them 0. */
  getCoverageMapForUncoveredFiles?(tested: string[]): Promise<ReportMap>;
  getUntestedFiles?(tested: string[]): Promise<string[]>;
}

const HINT =
  "temporal-replay: workflow code is not in this coverage report. It needs vitest's coverage provider 'v8' or 'istanbul'.\n";

/**
 * Adds what workflows ran to the coverage of a vitest run. Reporters get it before the reports are made from it and before
 * thresholds are checked (`onCoverage`).
 */
export class WorkflowCoverageReporter {
  private readonly directory = openHitsDirectory();
  private readonly reported = new WeakSet<object>();

  constructor(private readonly vitest: VitestInstance) {}

  /** Vitest 3 shows it to reporters here first; the one for shards (`blob`) keeps what it is by then. */
  onFinished(_files: unknown, _errors: unknown, coverage: unknown): Promise<void> {
    return this.onCoverage(coverage);
  }

  async onCoverage(coverage: unknown): Promise<void> {
    if (typeof coverage !== 'object' || coverage === null || this.reported.has(coverage)) return;
    this.reported.add(coverage);
    const files = takeHits(this.directory);
    if (files.length === 0) return;
    if (isReportMap(coverage)) await this.add(coverage, files);
    else process.stderr.write(HINT);
  }

  private async add(report: ReportMap, files: readonly FileCoverageData[]): Promise<void> {
    const provider = providerOf(this.vitest);
    const known = new Set(report.files());
    const missing = files.map(({ path }) => path).filter((path) => !known.has(path));
    const included = new Set(missing.filter((path) => isIncluded(provider, path)));
    // Not awaited without need: in vitest 3 the other reporters don't wait for it.
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
 * The provider's counters of files that no test has loaded, as it makes them for `coverage.include`: with them, a file has
 * the same statements and branches in each run, and the provider's comments that leave out code count.
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
