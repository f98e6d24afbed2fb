import type { ReportSummary } from '../../model/report';
import { type Verdict, VERDICTS_BY_RANK } from '../../model/verdict';

/** Verdicts in the order of the totals. */
const TOTALS_ORDER: readonly Verdict[] = [
  'compatible',
  ...VERDICTS_BY_RANK.filter((verdict) => verdict !== 'compatible'),
];

/** Returns `1 history` or `1,200 histories`. */
export const historiesText = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'history' : 'histories'}`;

/**
 * Returns `12 histories: 3 compatible, 9 incompatible (1,024 events in 0.4 s)`.
 *
 * @param paint colours the count of a verdict
 */
export function totalsText(
  summary: ReportSummary,
  paint: (verdict: Verdict, count: string) => string = (_, count) => count,
): string {
  const counts = TOTALS_ORDER.filter((verdict) => verdict === 'compatible' || summary[verdict] > 0)
    .map((verdict) => paint(verdict, `${summary[verdict]} ${verdict}`))
    .join(', ');
  const seconds = (summary.durationMs / 1000).toFixed(1);
  return `${historiesText(summary.histories)}: ${counts} (${summary.events.toLocaleString('en')} events in ${seconds} s)`;
}
