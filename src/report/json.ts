import type { ReporterFactory } from './reporter';

/** The report as data: `schemas/report.schema.json` describes it. */
export const json: ReporterFactory = (screen) => ({
  onEnd: (report) => screen.out(`${JSON.stringify(report, null, 2)}\n`),
});
