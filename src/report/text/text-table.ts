import type { Paint } from './paint';
import { cutInMiddle } from './short-path';
import { widthOf } from './text-width';

const GAP = '  ';
const SHOWN_ROWS = 40;

/** The cells of a table. The first column has names, which are cut in the middle if the table is too wide; the others are short. */
export interface TextTable {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
  /** Numbers of the columns, from 0, that are aligned to the left. @default the first one */
  left?: readonly number[];
  /** True if the first column is never cut, since it is to be copied. */
  keepsNames?: boolean;
  /** The things that rows are, for the line that counts the rows that are not shown. */
  noun: string;
}

/** Returns the lines of a table, the first forty rows at most. */
export function textTable(
  { headings, rows, left = [0], keepsNames = false, noun }: TextTable,
  { width, paint }: { width: number; paint: Paint },
): string[] {
  const shown = rows.slice(0, SHOWN_ROWS);
  const widths = headings.map((heading, i) =>
    Math.max(widthOf(heading), ...shown.map((cells) => widthOf(cells[i]!))),
  );
  const others = widths.slice(1).reduce((sum, size) => sum + GAP.length + size, 0);
  if (!keepsNames) widths[0] = Math.max(widthOf(headings[0]!), Math.min(widths[0]!, width - others));
  const cell = (text: string, i: number): string => {
    const fitting = i === 0 ? cutInMiddle(text, widths[0]!) : text;
    const padding = ' '.repeat(widths[i]! - widthOf(fitting));
    return left.includes(i) ? fitting + padding : padding + fitting;
  };
  const line = (cells: readonly string[]): string => cells.map(cell).join(GAP).trimEnd();
  const more = rows.length - shown.length;
  return [
    paint.dim(line(headings)),
    ...shown.map(line),
    ...(more > 0 ? [paint.dim(`… and ${more} more ${noun}`)] : []),
  ];
}
