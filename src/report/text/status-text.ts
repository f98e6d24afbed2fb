import type { RunReport } from '../../model/report';
import { deployAnswerText } from './deploy-text';
import { historiesText } from './totals-text';

/** Returns the sentence that fails a run besides its results: it did not come to its end, or an answer is not proven. */
export function unprovenText(report: Pick<RunReport, 'status' | 'summary' | 'deploy'>): string | null {
  const { deploy } = report;
  return statusText(report) ?? (deploy?.answer === 'not proven' ? deployAnswerText(deploy) : null);
}

/** Returns the sentence that says that a report is not that of a whole run; null for a whole run. */
export function statusText({ status, summary }: Pick<RunReport, 'status' | 'summary'>): string | null {
  if (status === 'complete') return null;
  const reason = status === 'interrupted' ? 'The run was interrupted' : 'The histories could not all be had';
  return `${reason}: this report covers only the ${historiesText(summary.histories)} that ${summary.histories === 1 ? 'was' : 'were'} replayed before.`;
}
