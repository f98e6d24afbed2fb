import { randomBytes } from 'node:crypto';
import colors from 'picocolors';
import type { Colors, Formatter } from 'picocolors/types';
import { printable } from '../../util/printable';

/** Functions that colour text, or leave it as it is. */
export type Paint = Colors;

const ESCAPE = '\u001b';

/**
 * Start of an escape sequence of this package. Its random part is new in each process, as the nonce of a page's scripts is: text
 * from elsewhere cannot contain it, so a screen tells our sequences from all others.
 */
const OWN = `${ESCAPE}${randomBytes(16).toString('hex')}`;

const NONE = colors.createColors(false);
const COLORED = ownColors(colors.createColors(true));

/** Returns functions that colour text for a {@link Screen}, which alone writes their escape sequences. */
export const paintFor = (isColored: boolean): Paint => (isColored ? COLORED : NONE);

/** Returns the text as a link (OSC 8) for a {@link Screen}. */
export const linked = (text: string, url: string): string =>
  `${OWN}]8;;${url}${OWN}\\${text}${OWN}]8;;${OWN}\\`;

/** Returns {@link printable} text in which only the escape sequences of this module remain. */
export const withOwnSequences = (text: string): string => text.split(OWN).map(printable).join(ESCAPE);

const OWN_SEQUENCE = new RegExp(`${OWN}(?:\\[\\d+(?:;\\d+)*m|\\]8;;[^${ESCAPE}]*${OWN}\\\\)`, 'g');

/** Returns text without the escape sequences of this module, which take no room on a terminal. */
export const withoutOwnSequences = (text: string): string =>
  text.includes(OWN) ? text.replace(OWN_SEQUENCE, '') : text;

/** Returns the parts of a text: our own escape sequences, and the text between them. */
export const partsOf = (text: string): { text: string; isSequence: boolean }[] => {
  const sequences = text.match(OWN_SEQUENCE) ?? [];
  return text
    .split(OWN_SEQUENCE)
    .flatMap((between, i) => [
      ...(between === '' ? [] : [{ text: between, isSequence: false }]),
      ...(i < sequences.length ? [{ text: sequences[i]!, isSequence: true }] : []),
    ]);
};

function ownColors({ isColorSupported, ...formatters }: Colors): Colors {
  const own = Object.entries(formatters).map(([name, format]) => [name, ownFormatter(format)]);
  return { isColorSupported, ...Object.fromEntries(own) } as Colors;
}

function ownFormatter(format: Formatter): Formatter {
  const [open, close] = format('\0')
    .split('\0')
    .map((code) => code.replace(ESCAPE, OWN)) as [string, string];
  // Text that is coloured already goes on in this colour after its own ends.
  return (text) => `${open}${String(text).replaceAll(close, close + open)}${close}`;
}
