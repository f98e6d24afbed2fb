/**
 * Characters that are invisible or that turn the text around them: control characters, marks and overrides of direction,
 * zero-width spaces, tags, lone halves of surrogate pairs. Joiners are left out because some writing systems need them.
 */
export const INVISIBLE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Returns text with U+FFFD in place of each {@link INVISIBLE} character, which could control a terminal or show another text than
 * there is: ids, names and messages come from users. Line breaks and tabs stay.
 */
export const printable = (text: string): string =>
  text.replace(INVISIBLE, (character) => (character === '\n' || character === '\t' ? character : '\ufffd'));

/** Returns {@link printable} text on one line. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim());

/** Returns at most `length` UTF-16 code units of the text, with `…` at the end if there were more. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, '')}…` : text;
