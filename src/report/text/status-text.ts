import type { RunReport } from '../../model/report';
import { historiesText } from './totals-text';

/** Returns the sentence that says that a report is not that of a whole run; null for a whole run. */
export function statusText({ status, summary }: Pick<RunReport, 'status' | 'summary'>): string | null {
  if (status === 'complete') return null;
  const reason = status === 'interrupted' ? 'The run was interrupted' : 'The histories could not all be had';
  return `${reason}: this report covers only the ${historiesText(summary.histories)} that ${summary.histories === 1 ? 'was' : 'were'} replayed before.`;
}
