import { markdownReport } from '../text/markdown-report';
import type { ReporterFactory } from '../reporter';

/** Mark by which a bot finds the comment of its last run, to edit it. */
const MARK = '<!-- temporal-replay -->\n';
/** Length above which GitHub refuses a comment. */
const MAX_COMMENT_LENGTH = 65_536;

/** Writes the text of a pull-request comment. */
export const markdown: ReporterFactory = (screen) => ({
  onEnd: (report) =>
    screen.document(
      MARK +
        markdownReport(report, {
          limit: MAX_COMMENT_LENGTH - MARK.length,
          sizeOf: (text) => text.length,
        }),
    ),
});
