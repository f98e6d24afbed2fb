import type { DiagnosedResult } from '../../model/report';
import { roundedDurationInWords } from '../../util/duration-in-words';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';
import { cutInMiddle } from './short-path';
import { widthOf } from './text-width';
import { type TypeTotals, typeTotals } from './type-totals';

const HEADINGS = ['workflow type', 'histories', 'open', 'events', 'shapes', 'time'] as const;
const GAP = '  ';
const MIN_TYPE = HEADINGS[0].length;
const SHOWN_TYPES = 40;

/**
 * Returns a table with a row for each workflow type: its histories, how many of their runs were open, their events, the number of
 * different ways through the code that they constrain, and the time of their replays.
 */
export function typesTable(
  results: readonly DiagnosedResult[],
  { width, paint }: { width: number; paint: Paint },
): string[] {
  const rows = typeTotals(results).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const shown = rows.slice(0, SHOWN_TYPES).map(cellsOf);
  const widths = HEADINGS.map((heading, i) =>
    Math.max(widthOf(heading), ...shown.map((cells) => widthOf(cells[i]!))),
  );
  const others = widths.slice(1).reduce((sum, size) => sum + GAP.length + size, 0);
  const typeWidth = Math.max(MIN_TYPE, Math.min(widths[0]!, width - others));
  const line = ([type, ...cells]: readonly string[]): string => {
    const name = cutInMiddle(type!, typeWidth);
    return [
      name + ' '.repeat(typeWidth - widthOf(name)),
      ...cells.map((cell, i) => ' '.repeat(widths[i + 1]! - widthOf(cell)) + cell),
    ].join(GAP);
  };
  const more = rows.length - shown.length;
  return [
    paint.dim(line(HEADINGS)),
    ...shown.map(line),
    ...(more > 0 ? [paint.dim(`… and ${more} more workflow types`)] : []),
  ];
}

const nameOf = ({ type }: TypeTotals): string => (type === null ? 'type unknown' : oneLine(type));

const cellsOf = (totals: TypeTotals): string[] => [
  nameOf(totals),
  ...[totals.histories, totals.open, totals.events].map((count) => count.toLocaleString('en')),
  totals.shapes === null ? '-' : totals.shapes.size.toLocaleString('en'),
  roundedDurationInWords(totals.durationMs),
];
