import type { FetchedRun } from '../options/types';
import type { Screen } from '../report/screen';

/** Lists the runs that were gone when their turn came: a bar on a terminal has not shown them, and a report does not have them. */
export function nameGoneRuns(gone: readonly FetchedRun[], screen: Screen): void {
  if (gone.length === 0) return;
  screen.note([
    `${gone.length} ${gone.length === 1 ? 'run is' : 'runs are'} gone (deleted, past retention, or a mistyped id):`,
    ...gone.map(({ workflowId, runId }) => `  ${workflowId}${runId === '' ? '' : `  ${runId}`}`),
  ]);
}
