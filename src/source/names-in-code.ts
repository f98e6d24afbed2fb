const WORD = /[\w$]/;

/**
 * Returns the index at which a name stands in a text, and not as a part of a longer one; -1 if it does not. The name comes
 * from a history, so it may hold any character and be of any length.
 */
export function indexOfName(text: string, name: string): number {
  if (name === '') return -1;
  const startsAsWord = WORD.test(name[0]!);
  const endsAsWord = WORD.test(name.at(-1)!);
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const isCutBefore = startsAsWord && WORD.test(text[at - 1] ?? '');
    const isCutAfter = endsAsWord && WORD.test(text[at + name.length] ?? '');
    if (!isCutBefore && !isCutAfter) return at;
  }
  return -1;
}

/** Returns true if one of the lines has one of the names. */
export const mentions = (lines: readonly string[], names: readonly string[]): boolean =>
  names.some((name) => lines.some((line) => indexOfName(line, name) !== -1));

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
/** Matches a text that means itself within each kind of quotes. */
const PLAIN_TEXT = /^[\p{L}\p{M}\p{N} !#%&()*+,./:;<=>?@[\]^_{|}~-]*$/u;
const QUOTES = ['"', "'", '`'] as const;

/** Returns true for a name that code can have for a variable or a property. */
export const isIdentifier = (name: string): boolean => IDENTIFIER.test(name);

/** Returns true for a name that can stand within quotes as it is. */
export const isPlainText = (name: string): boolean => PLAIN_TEXT.test(name);

/**
 * Returns a line of code with another name in the place of the first one. Returns null if the line does not have it, or if
 * the other name would be more than a name there: what comes from a history must not become code.
 */
export function renamedIn(line: string, now: string, old: string): string | null {
  const at = indexOfName(line, now);
  if (at === -1) return null;
  const [before, after] = [line.slice(0, at), line.slice(at + now.length)];
  const isQuoted = QUOTES.some((quote) => before.endsWith(quote) && after.startsWith(quote));
  return (isQuoted ? isPlainText(old) : isIdentifier(old)) ? before + old + after : null;
}

/** Returns a text with another name in the place of each string literal that is the name. */
export const withLiteralsRenamed = (text: string, now: string, old: string): string =>
  QUOTES.reduce((result, quote) => result.replaceAll(quote + now + quote, () => quote + old + quote), text);
