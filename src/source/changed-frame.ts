import type { Hunk } from '../model/cause';

const LINES_ABOVE = 2;
const LINES_BELOW = 3;
/** Number of lines of one side of a change that are shown. */
const MAX_LINES = 12;

/**
 * Returns the lines of a file around a change, numbered as they are now, with the lines before the change marked by `-` and
 * those after it by `+`.
 */
export function changedFrame(text: string, { line, count, before }: Hunk): string {
  const lines = text.split('\n');
  const first = count === 0 ? line + 1 : line;
  const above = rangeOf(first - LINES_ABOVE, first - 1, lines);
  const now = rangeOf(first, first + count - 1, lines);
  const below = rangeOf(first + count, first + count + LINES_BELOW - 1, lines);
  const width = String(first + count + LINES_BELOW).length;
  const row = (mark: string, number: number | null, content: string): string =>
    `${mark} ${String(number ?? '').padStart(width)} | ${content}`.trimEnd();
  return [
    ...above.map(([number, content]) => row(' ', number, content)),
    ...shortened(before.map((content) => row('-', null, content))),
    ...shortened(now.map(([number, content]) => row('+', number, content))),
    ...below.map(([number, content]) => row(' ', number, content)),
  ].join('\n');
}

function rangeOf(from: number, to: number, lines: readonly string[]): [number, string][] {
  const range: [number, string][] = [];
  for (let n = Math.max(from, 1); n <= Math.min(to, lines.length); n++) range.push([n, lines[n - 1]!]);
  return range;
}

function shortened(rows: readonly string[]): string[] {
  const more = rows.length - MAX_LINES;
  return more > 1 ? [...rows.slice(0, MAX_LINES), `${rows[0]![0]} … ${more} more lines`] : [...rows];
}
