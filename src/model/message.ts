/**
 * A message in parts. Only {@link composeMessage} makes a sentence of them, so that a part can be left out without a look
 * at the wording.
 */
export interface MessageParts {
  /** Text of this package; it names commands, types and files, and holds no value of a history. */
  own: string;
  /**
   * Details of the own text that may differ between two causes of one kind, such as the bundler's complaint. They hold no
   * value of a history either; null if there are none.
   */
  details: string | null;
  /** Class of the error that was thrown, such as `TypeError`; null if none was. */
  errorType: string | null;
  /**
   * Text that workflow code, a codec, the SDK, core or a dying process wrote while it worked on a history. It may hold
   * values of that history; null if there is none.
   */
  foreign: string | null;
  /** Stack frame of the throw, `at processOrder (src/workflows.ts:12:3)`; null if it is not known. */
  frame: string | null;
}

/** Returns all parts; those that are not given are empty. */
export const messageParts = (given: Partial<MessageParts>): MessageParts => ({
  own: given.own ?? '',
  details: given.details ?? null,
  errorType: given.errorType ?? null,
  foreign: given.foreign ?? null,
  frame: given.frame ?? null,
});

/** Returns the text of a message: `<own>: <details> <errorType>: <foreign> <frame>`. */
export function composeMessage({ own, details, errorType, foreign, frame }: MessageParts): string {
  const thrown = errorType === null ? foreign : `${errorType}: ${foreign ?? ''}`;
  return [details === null ? own : `${own}: ${details}`, thrown, frame].filter(Boolean).join(' ');
}

/** Returns the parts of the first line of a message, without the frame, which differs from machine to machine. */
export function firstLineOf({ own, details, errorType, foreign }: MessageParts): MessageParts {
  const lineOf = (text: string): string => text.split('\n')[0]!;
  if (own.includes('\n')) return messageParts({ own: lineOf(own) });
  if (details?.includes('\n')) return messageParts({ own, details: lineOf(details) });
  return messageParts({ own, details, errorType, foreign: foreign === null ? null : lineOf(foreign) });
}
