import type { temporal } from '@temporalio/proto';
import { detailsOf } from '../../history/entry-details';
import { overviewOf } from '../../history/overview';
import { paintFor } from '../../report/text/paint';
import { formatTimeline } from '../../report/text/timeline-text';

const COLUMNS = 100;

/** Number of lines shown of a long history from its start, and from its end, which is nearer to the cause. */
const FIRST_LINES = 16;
const LAST_LINES = 20;

/** Formats a history as `replay show` prints it, without the middle of a long one. */
export function historyText(history: temporal.api.history.v1.IHistory, workflowId: string): string {
  const overview = overviewOf({ reference: { file: workflowId, index: 0 }, workflowId, history });
  const details = detailsOf(overview.entries, history.events ?? [], { values: true });
  const lines = formatTimeline(overview, details, {
    width: COLUMNS,
    paint: paintFor(false),
    all: false,
  });
  return withoutMiddle(lines).join('\n');
}

function withoutMiddle(lines: readonly string[]): readonly string[] {
  const hidden = lines.length - FIRST_LINES - LAST_LINES;
  if (hidden <= 1) return lines;
  return [...lines.slice(0, FIRST_LINES), `… ${hidden} more lines`, ...lines.slice(-LAST_LINES)];
}
