import { cutToWidth, widthOf } from './text-width';
import { wrapped } from './wrap';

/** Matches the margin of a line of a code frame: mark, line number and rule, such as `+ 12 | `. */
const MARGIN = /^([>+-]?)\s*\d*\s*\| ?/;
/** Indentation of the rest of a line that is broken. */
const HANGING = '  ';

/**
 * Returns the lines of a code frame within `width` columns. Lines of the change are broken between words, so that all of the change
 * is shown; those around it are cut.
 */
export const framedLines = (codeFrame: string, width: number): string[] =>
  shifted(codeFrame.split('\n'), width).flatMap((line) => {
    const [margin, mark] = MARGIN.exec(line) ?? ['', ''];
    if (mark !== '+' && mark !== '-') return [cutToWidth(line, width)];
    return brokenCode(line.slice(margin.length), width - margin.length).map((code, i) =>
      i === 0 ? margin + code : continued(margin) + code,
    );
  });

/** Matches the line of a code frame that points at a column of the line above it. */
const POINTER = /^\s*\|\s*\^/;
/** Columns after a pointer that a line keeps, if it has so many. */
const AFTER_POINTER = 16;

/** Returns the lines with the one that is pointed at, and its pointer, moved to the left until the pointer is in view. */
function shifted(lines: readonly string[], width: number): string[] {
  const at = lines.findIndex((line) => POINTER.test(line));
  const pointer = lines[at] ?? '';
  const by = pointer.length + AFTER_POINTER - width;
  if (at < 1 || pointer.length <= width || by <= 0) return [...lines];
  return lines.map((line, i) => {
    if (i !== at && i !== at - 1) return line;
    const margin = MARGIN.exec(line)?.[0] ?? '';
    return `${margin}${i === at ? ' ' : '…'}${line.slice(margin.length + by + 1)}`;
  });
}

/**
 * Returns lines of code within `width` columns, broken between words and indented as the line is, and a little more. A comment
 * stays one.
 */
export function brokenCode(code: string, width: number): string[] {
  const [, indent, comment] = /^(\s*)(\/\/ ?)?/.exec(code)!;
  return wrapped(code, width, (widthOf(indent!) < width / 2 ? indent! : '') + (comment ?? HANGING));
}

/** Returns the margin of a line that continues another: its mark, without its number. */
const continued = (margin: string): string => margin.replace(/\d/g, ' ');
