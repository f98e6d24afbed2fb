import { markdownReport } from '../text/markdown-report';
import type { ReporterFactory } from '../reporter';

/** By it a bot finds the comment of its last run again, to edit it. */
const MARK = '<!-- temporal-replay -->\n';
/** GitHub refuses a longer comment. */
const MAX_COMMENT_LENGTH = 65_536;

/** A pull-request comment. */
export const markdown: ReporterFactory = (screen) => ({
  onEnd: (report) =>
    screen.out(
      MARK +
        markdownReport(report, {
          limit: MAX_COMMENT_LENGTH - MARK.length,
          sizeOf: (text) => text.length,
        }),
    ),
});
