import { page } from '../html/page';
import type { ReporterFactory } from '../reporter';

/** One file for a browser, which needs nothing else: docs/html-report.md says what is in it. */
export const html: ReporterFactory = (screen) => ({ onEnd: (report) => screen.out(page(report)) });
