import { checkUiUrl } from '../fetch/temporal-ui';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import type { TemporalUi } from '../model/run-origin';
import type { ReplayConfig } from '../options/types';
import { resultWithoutValues, withoutValues } from '../report/hide-values';
import { openReporters } from '../report/open-reporters';
import type { Reporter, ReporterNeeds } from '../report/reporter';
import { type ReporterSpec, needsOf } from '../report/reporter-specs';
import type { Screen } from '../report/screen';
import { reportersOf } from './options/reporters-of';
import { showResults } from './terminal/signals';

/** The reporters of a command that replays. */
export interface Reporting {
  specs: readonly ReporterSpec[];
  reporter: Reporter;
  /** Parts of the diagnosis that the reporters need. */
  needs: Omit<ReporterNeeds, 'temporalUi'>;
  /** True if they need the address of the Temporal UI. */
  showsUi: boolean;
}

/** Opens the reporters that a configuration asks for, and says what is bundled. @throws USAGE, CONFIG_INVALID, OUTPUT_FAILED */
export function openReporting(config: ReplayConfig, cwd: string, screen: Screen): Reporting {
  const { specs, context } = reportersOf(config, cwd);
  const { temporalUi: showsUi = false, ...needs } = needsOf(specs);
  checkUiUrl(config.uiUrl);
  const reporter = openReporters(specs, screen, context);
  reporter.onBegin?.((config.projects ?? []).flatMap(({ name }) => name ?? []));
  return { specs, reporter, needs, showsUi };
}

/** Shows each result of a run as it comes, and then its report. Returns the report, with the address of the Temporal UI. */
export async function showRun<Report extends DiagnosedReport>(
  run: AsyncIterable<DiagnosedResult> & { report(): Promise<Report> },
  { reporter, showsUi }: Reporting,
  { isHidden, total, ui }: { isHidden: boolean; total: number | null; ui(): TemporalUi | null },
): Promise<Report> {
  let done = 0;
  for await (const result of run)
    reporter.onResult?.(isHidden ? resultWithoutValues(result) : result, { done: ++done, total });
  reporter.onReplayed?.();
  const temporalUi = showsUi ? ui() : null;
  const found = withTemporalUi(await run.report(), temporalUi);
  showResults();
  await reporter.onEnd?.(isHidden ? withoutValues(found) : found);
  return found;
}

const withTemporalUi = <Report extends DiagnosedReport>(report: Report, ui: TemporalUi | null): Report =>
  report.origin ? { ...report, origin: { ...report.origin, temporalUi: ui } } : report;
