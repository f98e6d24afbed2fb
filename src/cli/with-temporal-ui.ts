import type { DiagnosedReport } from '../model/report';
import type { TemporalUi } from '../model/run-origin';

/** Returns the report with the address at which the runs of its histories can be looked at. */
export const withTemporalUi = <Report extends DiagnosedReport>(
  report: Report,
  ui: TemporalUi | null,
): Report => (report.origin ? { ...report, origin: { ...report.origin, temporalUi: ui } } : report);
