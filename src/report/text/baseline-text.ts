import type { BaselineEntry, DiagnosedReport } from '../../model/report';
import type { Paint } from './paint';

const SHOWN = 10;

/** Returns lines with the number of failures that the baseline accepts, and its expired and stale entries; none without a baseline. */
export function baselineLines(
  { baseline, results }: Pick<DiagnosedReport, 'baseline' | 'results'>,
  paint: Paint,
): string[] {
  if (!baseline) return [];
  const { file, expired, stale } = baseline;
  const accepted = results.filter((result) => result.accepted).length;
  const counts = [
    `${accepted} accepted`,
    ...(expired.length > 0 ? [paint.red(`${expired.length} expired`)] : []),
    ...(stale.length > 0 ? [paint.yellow(`${stale.length} no longer occurring`)] : []),
  ];
  return [
    `Baseline ${file}: ${counts.join(', ')}`,
    ...shown(
      expired,
      (entry) => `    ${paint.red('expired')}  ${nameOf(entry)}, since ${entry.expires}: ${entry.reason}`,
    ),
    ...shown(stale, (entry) => `    ${paint.yellow('gone')}     ${nameOf(entry)}: ${entry.reason}`),
    ...(stale.length > 0 ? ['    `replay baseline update` drops what no longer occurs.'] : []),
  ];
}

function shown(entries: readonly BaselineEntry[], line: (entry: BaselineEntry) => string): string[] {
  const lines = entries.slice(0, SHOWN).map(line);
  const more = entries.length - SHOWN;
  return more > 0 ? [...lines, `    … and ${more} more`] : lines;
}

/** Returns the history of an entry and its type, such as `order-1 (processOrder)`. */
export const nameOf = (entry: Pick<BaselineEntry, 'workflowId' | 'file' | 'workflowType'>): string =>
  `${entry.file ?? entry.workflowId ?? '?'} (${entry.workflowType ?? 'type unknown'})`;
