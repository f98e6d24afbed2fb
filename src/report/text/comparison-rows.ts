import type { Colors, Formatter } from 'picocolors/types';
import type { ComparisonRow } from '../../model/diagnosis';
import { oneLine } from './printable';
import { cutToWidth, fitToWidth, widthOf } from './text-width';

/** Stands between the two sides. */
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

/** Below this, a column is no column. */
const MIN_COLUMN = 16;

export interface RowsOptions {
  /** Columns that a line may take. */
  width: number;
  paint: Colors;
}

/** A row with text that is safe to print. */
interface Sides {
  row: ComparisonRow;
  event: string;
  recorded: string;
  produced: string;
}

/**
 * Recorded events beside the commands of the current code, a heading first: in two columns where all that differs fits
 * into them uncut, else one below the other. The row at which they part is marked with `❯`.
 *
 * @returns lines without line breaks, none of them wider than `width`
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
  // Not wider than its content: what belongs together stands close together.
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

/** As a unified diff: `-` is recorded, `+` is the current code. */
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

const gutterOf = ({ isDivergence }: ComparisonRow, paint: Colors): string =>
  isDivergence ? paint.bold(paint.red(DIVERGENCE)) : ' ';

/** An empty side gets no colour: escape codes would be all there is of it. */
function colorsOf(
  { op }: ComparisonRow,
  paint: Colors,
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
