/**
 * Returns text without characters that could control a terminal or turn the reading direction: ids, names and messages come from
 * users. Line breaks and tabs stay. Lone halves of surrogate pairs are replaced too, because UTF-8, URIs and XML cannot hold them.
 */
export const printable = (text: string): string =>
  wellFormed(text).replace(/(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');

/** Returns {@link printable} text on one line. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim());

/** Returns the text with U+FFFD in place of lone halves of surrogate pairs. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** Returns at most `length` UTF-16 code units of the text, with `…` at the end if there were more. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, '')}…` : text;
