import type { temporal } from '@temporalio/proto';
import colors from 'picocolors';
import { detailsOf } from '../history/entry-details';
import { overviewOf } from '../history/overview';
import { formatTimeline } from '../report/timeline-text';

const COLUMNS = 100;

/** A history as `replay show` prints it. */
export function historyText(history: temporal.api.history.v1.IHistory, workflowId: string): string {
  const overview = overviewOf({ label: workflowId, workflowId, history } as Parameters<typeof overviewOf>[0]);
  const details = detailsOf(overview.entries, history.events ?? [], { values: true });
  return formatTimeline(overview, details, {
    width: COLUMNS,
    paint: colors.createColors(false),
    all: false,
  }).trimEnd();
}
