import type { DiagnosedResult } from '../../model/report';
import { judgesCode } from '../../model/verdict';
import { roundedDurationInWords } from '../../util/duration-in-words';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';
import { cutInMiddle } from './short-path';
import { widthOf } from './text-width';

const HEADINGS = ['workflow type', 'histories', 'open', 'events', 'shapes', 'time'] as const;
const GAP = '  ';
const MIN_TYPE = HEADINGS[0].length;
const SHOWN_TYPES = 40;

/** Sums over the histories of one workflow type. */
interface TypeRow {
  type: string;
  histories: number;
  open: number;
  events: number;
  /** Distinct shapes of the histories that say something about the code; null if a report of an earlier version has none. */
  shapes: Set<string> | null;
  durationMs: number;
}

/**
 * Returns a table with a row for each workflow type: its histories, how many of their runs were open, their events, the number of
 * different ways through the code that they constrain, and the time of their replays.
 */
export function typesTable(
  results: readonly DiagnosedResult[],
  { width, paint }: { width: number; paint: Paint },
): string[] {
  const rows = rowsOf(results);
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

function rowsOf(results: readonly DiagnosedResult[]): TypeRow[] {
  const rows = new Map<string, TypeRow>();
  for (const { workflowType, verdict, verifiedEvents, isOpen, events, shape, durationMs } of results) {
    const type = workflowType === null ? 'type unknown' : oneLine(workflowType);
    const row = rows.get(type) ?? {
      type,
      histories: 0,
      open: 0,
      events: 0,
      shapes: new Set(),
      durationMs: 0,
    };
    rows.set(type, row);
    row.histories++;
    if (isOpen) row.open++;
    row.events += events;
    row.durationMs += durationMs;
    if (!judgesCode(verdict) || verifiedEvents === 0) continue;
    if (shape === undefined) row.shapes = null;
    else row.shapes?.add(shape);
  }
  return [...rows.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

const cellsOf = ({ type, histories, open, events, shapes, durationMs }: TypeRow): string[] => [
  type,
  ...[histories, open, events].map((count) => count.toLocaleString('en')),
  shapes === null ? '-' : shapes.size.toLocaleString('en'),
  roundedDurationInWords(durationMs),
];
