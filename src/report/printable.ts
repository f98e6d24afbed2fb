/**
 * Ids and messages are of users' making: no control character of theirs reaches the terminal.
 *
 * @param indent what further lines of the text begin with
 */
export const printable = (text: string, indent = ''): string =>
  text.replace(/\n/g, `\n${indent}`).replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
