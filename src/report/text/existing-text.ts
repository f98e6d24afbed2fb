import type { DiagnosedReport } from '../../model/report';
import { historiesText } from './totals-text';

/** Returns how many recorded runs were stuck already in the failure that the replay found; null if none was. */
export function existingText({ results }: Pick<DiagnosedReport, 'results'>): string | null {
  const count = results.filter(({ existing }) => existing).length;
  if (count === 0) return null;
  const runs = count === 1 ? 'the run was' : 'the runs were';
  return `${historiesText(count)} in which ${runs} stuck in the same failure already: fails only with --fail-on-existing`;
}
