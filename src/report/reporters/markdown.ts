import { markdownReport } from '../text/markdown-report';
import type { RunReport } from '../../model/report';
import { repositoryLinks } from '../text/repository-links';
import type { ReporterContext, ReporterFactory } from '../reporter';

/** Mark by which a bot finds the comment of its last run, to edit it. */
export const MARK = '<!-- temporal-replay -->\n';
/** Length above which GitHub refuses a comment. */
const MAX_COMMENT_LENGTH = 65_536;

/** Writes the text of a pull-request comment. */
export const markdown: ReporterFactory = (screen, context) => ({
  onEnd: (report) => screen.document(commentText(report, context)),
});

/** Returns the text of a pull-request comment, within the limit of GitHub. */
export const commentText = (report: RunReport, context: ReporterContext): string =>
  MARK +
  markdownReport(
    report,
    { limit: MAX_COMMENT_LENGTH - MARK.length, sizeOf: (text) => text.length },
    repositoryLinks(context),
  );
