/**
 * A message in parts. Only {@link composeMessage} makes a sentence of them, so that a part can be left out without a look
 * at the wording.
 */
export interface MessageParts {
  /** Text of this package; it names commands, types and files, and holds no value of a history. */
  own: string;
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
  errorType: given.errorType ?? null,
  foreign: given.foreign ?? null,
  frame: given.frame ?? null,
});

/** Returns the text of a message: `<own> <errorType>: <foreign> <frame>`. */
export function composeMessage({ own, errorType, foreign, frame }: MessageParts): string {
  const thrown = errorType === null ? foreign : `${errorType}: ${foreign ?? ''}`;
  return [own, thrown, frame].filter(Boolean).join(' ');
}

/** Returns the parts of the first line of a message, without the frame, which differs from machine to machine. */
export function firstLineOf({ own, errorType, foreign }: MessageParts): MessageParts {
  const [line, ...more] = own.split('\n') as [string, ...string[]];
  return more.length > 0
    ? messageParts({ own: line })
    : messageParts({ own, errorType, foreign: foreign?.split('\n')[0] ?? null });
}
