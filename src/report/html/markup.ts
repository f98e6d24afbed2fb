/**
 * HTML that is safe to put into a page as it stands. Made by {@link html}, which escapes all that is filled in, and by
 * {@link trusted} for the page's own script and style.
 */
export class Markup {
  constructor(readonly text: string) {}
}

export type Fill = string | number | Markup | readonly Markup[] | null;

/** A template whose values are escaped, save those that are markup already; null is nothing. */
export function html(parts: TemplateStringsArray, ...fills: Fill[]): Markup {
  const text = parts.map((part, i) => part + (i < fills.length ? filled(fills[i]!) : '')).join('');
  return new Markup(text);
}

/** Text of our own that goes into the page unescaped. Never of a history. */
export const trusted = (text: string): Markup => new Markup(text);

function filled(fill: Fill): string {
  if (fill === null) return '';
  if (fill instanceof Markup) return fill.text;
  if (typeof fill === 'object') return fill.map(({ text }) => text).join('');
  return escapeHtml(String(fill));
}

/** For text and for quoted attributes alike. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);

/** JSON that cannot end the script element it stands in, and is a script's string literal as well. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${hex(character)}`);

const NUL_PICTURE = 0x2400;
const DEL = 0x7f;
const DEL_PICTURE = '\u2421';

/**
 * What is invisible or turns the text round it is shown instead: control characters, marks and overrides of direction,
 * zero-width spaces, tags, lone surrogates. Joiners stay, since scripts need them.
 */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** One line of text with a placeholder for whatever cannot be seen. */
export const visible = (text: string): string => text.replace(INVISIBLE, placeholder);

/** The same for text of several lines: line ends and tabs stay. */
export const visibleLines = (text: string): string =>
  text.replace(/\r\n/g, '\n').replace(INVISIBLE, (c) => (c === '\n' || c === '\t' ? c : placeholder(c)));

function placeholder(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(NUL_PICTURE + code);
  if (code === DEL) return DEL_PICTURE;
  return `[U+${hex(character).toUpperCase()}]`;
}

const hex = (character: string): string => character.codePointAt(0)!.toString(16).padStart(4, '0');
