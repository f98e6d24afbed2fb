import { type MessageParts, composeMessage, messageParts } from './message';

/** The reason why a history was not replayed to its end. */
export interface ResultError {
  code: string;
  message: string;
  /** Parts of `message`; the JSON report leaves them out. */
  parts: MessageParts;
}

/** Returns an error of a result; no other place composes its message. */
export function resultError({ code, ...given }: { code: string } & Partial<MessageParts>): ResultError {
  const parts = messageParts(given);
  return { code, message: composeMessage(parts), parts };
}
