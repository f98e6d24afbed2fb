import type { DiagnosedResult } from '../../model/report';
import { roundedDurationInWords } from '../../util/duration-in-words';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';
import { textTable } from './text-table';
import { type TypeTotals, typeTotals } from './type-totals';

/**
 * Returns a table with a row for each workflow type: its histories, how many of their runs were open, their events, the number of
 * different ways through the code that they constrain, and the time of their replays.
 */
export function typesTable(
  results: readonly DiagnosedResult[],
  style: { width: number; paint: Paint },
): string[] {
  const rows = typeTotals(results)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    .map(cellsOf);
  const headings = ['workflow type', 'histories', 'open', 'events', 'shapes', 'time'];
  return textTable({ headings, rows, noun: 'workflow types' }, style);
}

const nameOf = ({ type }: TypeTotals): string => (type === null ? 'type unknown' : oneLine(type));

const cellsOf = (totals: TypeTotals): string[] => [
  nameOf(totals),
  ...[totals.histories, totals.open, totals.events].map((count) => count.toLocaleString('en')),
  totals.shapes === null ? '-' : totals.shapes.size.toLocaleString('en'),
  roundedDurationInWords(totals.durationMs),
];
