import { page } from '../html/page';
import type { ReporterFactory } from '../reporter';

/** Writes one self-contained HTML file. docs/html-report.md describes it. */
export const html: ReporterFactory = (screen, context) => ({
  onEnd: (report) => screen.document(page(report, context)),
});
