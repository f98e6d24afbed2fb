import type { Formatter } from 'picocolors/types';
import type { ComparisonRow } from '../../model/diagnosis';
import type { Paint } from './paint';
import { oneLine } from '../../util/printable';
import { cutToWidth, fitToWidth, widthOf } from './text-width';

/** Mark between the two sides of a row. */
const MARKS: Readonly<Record<ComparisonRow['op'], string>> = {
  same: ' ',
  drifted: '~',
  removed: '-',
  added: '+',
  moved: '⇅',
  renamed: '→',
  replaced: '≠',
};
const DIVERGENCE = '❯';
const HEADINGS = { event: 'event', recorded: 'recorded', produced: 'current code' } as const;

/** Width in columns below which two sides are not shown beside each other. */
const MIN_COLUMN = 16;

export interface RowsOptions {
  /** Maximum width of a line in columns. */
  width: number;
  paint: Paint;
}

/** A row whose text is safe to print. */
interface Sides {
  row: ComparisonRow;
  event: string;
  recorded: string;
  produced: string;
}

/**
 * Returns a heading, and recorded events with the commands of the current code: in two columns if everything that differs fits
 * uncut, else one below the other. The first row that differs is marked with `❯`.
 *
 * @returns lines without line breaks, none wider than `width`
 */
export function formatRows(rows: readonly ComparisonRow[], options: RowsOptions): string[] {
  if (rows.length === 0) return [];
  const sides = rows.map((row) => ({
    row,
    event: row.eventId === null ? '' : String(row.eventId),
    recorded: oneLine(row.recorded ?? ''),
    produced: oneLine(row.produced ?? ''),
  }));
  const eventWidth = sides.reduce((most, { event }) => Math.max(most, event.length), HEADINGS.event.length);
  const room = options.width - eventWidth - 7;
  const needed = (of: 'recorded' | 'produced'): number =>
    sides.reduce((most, side) => Math.max(most, widthOf(side[of])), HEADINGS[of].length);
  // A column is not wider than its content, so that the two sides stay close together.
  const recorded = Math.min(needed('recorded'), Math.max(Math.floor(room / 2), room - needed('produced')));
  const columns = { event: eventWidth, recorded, produced: Math.min(needed('produced'), room - recorded) };
  const fits = sides.every(
    ({ row, ...side }) =>
      row.op === 'same' ||
      (widthOf(side.recorded) <= columns.recorded && widthOf(side.produced) <= columns.produced),
  );
  return fits && Math.floor(room / 2) >= MIN_COLUMN
    ? besideEachOther(sides, columns, options)
    : belowEachOther(sides, eventWidth, options);
}

/** Returns true unless all rows are the same, as they are if the code threw. */
export const hasDifference = (rows: readonly ComparisonRow[]): boolean =>
  rows.some(({ op }) => op !== 'same');

interface Columns {
  event: number;
  recorded: number;
  produced: number;
}

function besideEachOther(sides: readonly Sides[], columns: Columns, { paint }: RowsOptions): string[] {
  const heading = `  ${HEADINGS.event.padStart(columns.event)}  ${fitToWidth(HEADINGS.recorded, columns.recorded)}   ${HEADINGS.produced}`;
  const lines = sides.map((side) => {
    const { row } = side;
    const colors = colorsOf(row, paint);
    const recorded = colors.recorded(fitToWidth(side.recorded, columns.recorded));
    const produced = colors.produced(cutToWidth(side.produced, columns.produced));
    return `${gutterOf(row, paint)} ${paint.dim(side.event.padStart(columns.event))}  ${recorded} ${colors.mark(MARKS[row.op])} ${produced}`;
  });
  return [paint.dim(heading), ...lines].map((line) => line.trimEnd());
}

/** Returns rows in the form of a unified diff: `-` is recorded, `+` is the current code. */
function belowEachOther(
  sides: readonly Sides[],
  eventWidth: number,
  { width, paint }: RowsOptions,
): string[] {
  const room = width - eventWidth - 6;
  const lineOf = ({ row, event }: Sides, mark: string, text: string, color: Formatter): string =>
    `${gutterOf(row, paint)} ${paint.dim(event.padStart(eventWidth))}  ${color(`${mark} ${cutToWidth(text, room)}`)}`;
  const legend = `  ${HEADINGS.event.padStart(eventWidth)}  - ${HEADINGS.recorded}, + ${HEADINGS.produced}`;
  const lines = sides.flatMap((side) => {
    const { row, recorded, produced } = side;
    const colors = colorsOf(row, paint);
    if (recorded === '' || produced === '' || recorded === produced)
      return [
        lineOf(side, MARKS[row.op], recorded || produced, recorded ? colors.recorded : colors.produced),
      ];
    return [
      lineOf(side, '-', recorded, colors.recorded),
      lineOf({ ...side, row: { ...row, isDivergence: false }, event: '' }, '+', produced, colors.produced),
    ];
  });
  return [paint.dim(cutToWidth(legend, width)), ...lines].map((line) => line.trimEnd());
}

const gutterOf = ({ isDivergence }: ComparisonRow, paint: Paint): string =>
  isDivergence ? paint.bold(paint.red(DIVERGENCE)) : ' ';

/** Returns the colours of a row. An empty side stays empty, without escape codes. */
function colorsOf(
  { op }: ComparisonRow,
  paint: Paint,
): { recorded: Formatter; produced: Formatter; mark: Formatter } {
  const shown =
    (color: Formatter): Formatter =>
    (text) =>
      text === '' ? '' : color(text);
  const one = (color: Formatter) => ({ recorded: shown(color), produced: shown(color), mark: color });
  switch (op) {
    case 'same':
      return one(paint.dim);
    case 'drifted':
    case 'moved':
      return one(paint.yellow);
    case 'removed':
      return one(paint.red);
    case 'added':
      return one(paint.green);
    case 'renamed':
    case 'replaced':
      return { recorded: shown(paint.red), produced: shown(paint.green), mark: paint.yellow };
  }
}
