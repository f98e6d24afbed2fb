import type colors from 'picocolors';
import type { BaselineEntry, DiagnosedReport } from '../../model/report';
import { printable } from './printable';

type Colors = ReturnType<typeof colors.createColors>;

const SHOWN = 10;

/** Returns for a person how many failures the baseline accepts, and its expired and stale entries; null without a baseline. */
export function baselineText(
  report: Pick<DiagnosedReport, 'baseline' | 'results'>,
  paint: Colors,
): string | null {
  const { baseline, results } = report;
  if (!baseline) return null;
  const { file, expired, stale } = baseline;
  const accepted = results.filter((result) => result.accepted).length;
  const counts = [
    `${accepted} accepted`,
    ...(expired.length > 0 ? [paint.red(`${expired.length} expired`)] : []),
    ...(stale.length > 0 ? [paint.yellow(`${stale.length} no longer occurring`)] : []),
  ];
  return [
    `Baseline ${printable(file)}: ${counts.join(', ')}`,
    ...shown(
      expired,
      (entry) =>
        `    ${paint.red('expired')}  ${nameOf(entry)}, since ${entry.expires}: ${printable(entry.reason)}`,
    ),
    ...shown(
      stale,
      (entry) => `    ${paint.yellow('gone')}     ${nameOf(entry)}: ${printable(entry.reason)}`,
    ),
    ...(stale.length > 0 ? ['    `replay baseline update` drops what no longer occurs.'] : []),
  ].join('\n');
}

function shown(entries: readonly BaselineEntry[], line: (entry: BaselineEntry) => string): string[] {
  const lines = entries.slice(0, SHOWN).map(line);
  const more = entries.length - SHOWN;
  return more > 0 ? [...lines, `    … and ${more} more`] : lines;
}

/** Returns the history of an entry and its type, such as `order-1 (processOrder)`. */
export const nameOf = (entry: Pick<BaselineEntry, 'workflowId' | 'file' | 'workflowType'>): string =>
  `${printable(entry.file ?? entry.workflowId ?? '?')} (${printable(entry.workflowType ?? 'type unknown')})`;
