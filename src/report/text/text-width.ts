import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;

/** Returns the width of one line of text on a terminal, in columns: two for an emoji or a CJK character. */
export const widthOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text));

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Returns the characters of a text as a reader sees them: a letter with its accents, an emoji with its modifiers. */
export const graphemesOf = (text: string): Iterable<string> =>
  ASCII.test(text) ? text : Array.from(graphemes.segment(text), ({ segment }) => segment);

/** Returns the text within `width` columns, with `…` at the end if it was cut. */
export function cutToWidth(text: string, width: number): string {
  if (width <= 0) return '';
  // Measuring only a prefix keeps the work small for a text of a million characters.
  const head = text.length > width * 8 ? text.slice(0, width * 8) : text;
  if (head === text && widthOf(text) <= width) return text;
  if (ASCII.test(head)) return `${head.slice(0, width - 1)}…`;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(head)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Returns the text in exactly `width` columns, cut or padded with spaces. */
export function fitToWidth(text: string, width: number): string {
  const cut = cutToWidth(text, width);
  return cut + ' '.repeat(Math.max(0, width - widthOf(cut)));
}
