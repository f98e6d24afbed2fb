import { jsonText } from '../text/json-text';
import { INVISIBLE } from '../../util/printable';
import { withEscapedCommands } from '../../util/ci-commands';

/**
 * HTML that is safe to insert into a page. {@link html} makes it by escaping every value, {@link trusted} for the page's own script
 * and style.
 */
export class Markup {
  constructor(readonly text: string) {}
}

export type Fill = string | number | Markup | readonly Markup[] | null;

/** Makes markup of a template. Values are escaped unless they are markup; null adds nothing. */
export function html(parts: TemplateStringsArray, ...fills: Fill[]): Markup {
  const text = parts.map((part, i) => part + (i < fills.length ? filled(fills[i]!) : '')).join('');
  return new Markup(text);
}

/** Makes markup of the page's own text without escaping it. Not for text of a history. */
export const trusted = (text: string): Markup => new Markup(text);

function filled(fill: Fill): string {
  if (fill === null) return '';
  if (fill instanceof Markup) return fill.text;
  if (typeof fill === 'object') return fill.map(({ text }) => text).join('');
  return escapeHtml(String(fill));
}

/** Escapes text for element content and for quoted attributes, and commands of CI runners, which may print the page. */
export const escapeHtml = (text: string): string =>
  withEscapedCommands(
    text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`),
    { bracket: '&#91;', colon: '&#58;' },
  );

/** Returns JSON that cannot end the script element around it and that is also a valid JavaScript expression. */
export const scriptJson = (value: unknown): string =>
  jsonText(value).replace(/[<>&]/g, (character) => `\\u${hex(character)}`);

const NUL_PICTURE = 0x2400;
const DEL = 0x7f;
const DEL_PICTURE = '\u2421';

/** Returns text with a placeholder for each invisible character, line ends and tabs included. */
export const visible = (text: string): string => text.replace(INVISIBLE, placeholder);

/** Returns text with a placeholder for each invisible character except line ends and tabs. */
export const visibleLines = (text: string): string =>
  text.replace(/\r\n/g, '\n').replace(INVISIBLE, (c) => (c === '\n' || c === '\t' ? c : placeholder(c)));

function placeholder(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(NUL_PICTURE + code);
  if (code === DEL) return DEL_PICTURE;
  return `[U+${hex(character).toUpperCase()}]`;
}

const hex = (character: string): string => character.codePointAt(0)!.toString(16).padStart(4, '0');
