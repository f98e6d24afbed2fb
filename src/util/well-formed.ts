/** Returns true for text without lone halves of surrogate pairs, which UTF-8 cannot hold. (TypeScript's `es2023` lacks the method.) */
export const isWellFormed = (text: string): boolean =>
  (text as unknown as { isWellFormed(): boolean }).isWellFormed();

/** Returns the text with U+FFFD in place of lone halves of surrogate pairs, which UTF-8, URIs and XML cannot hold. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');
