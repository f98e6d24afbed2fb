/**
 * Core's errors arrive as the debug print of a Rust struct inside of a sentence. This module extracts the message and drops
 * what core prints of the history, payloads included. No verdict depends on the text. Checked on SDK 1.24.0;
 * `test/replay/verdict/core-message.test.ts` holds the forms.
 */

export interface CoreMessage {
  /** One line, without payloads. */
  text: string;
  /** Id of the event that core names; null if it names none. */
  eventId: number | null;
}

const MAX_LENGTH = 300;

/** The text before the message of a printed failure. */
const FAILURE_MESSAGE = 'Failure { message: "';
/** Matches `Nondeterminism("…")` of cores before SDK 1.10. */
const OLD_FORM = /^(?:Nondeterminism|Fatal)\("([\s\S]*)"\)$/;
const KNOWN_PREFIX =
  /^(?:\[TMPRL\d+\] )?(?:Nondeterminism error|Fatal error in workflow machines|Fatal error): /;

/** Extracts core's own message from the message of a replay error. */
export function readCoreMessage(message: string): CoreMessage {
  const details = message.replace(/^[\s\S]*?Details: /, '');
  const failure = unescape(quotedAfter(FAILURE_MESSAGE, details) ?? details);
  const named = failure.replace(OLD_FORM, '$1').replace(KNOWN_PREFIX, '');
  const eventId = /event_id: (\d+)|HistoryEvent\(id: (\d+)/.exec(named);
  const text = withoutStructs(
    named.replace(/(?:event:? )?HistoryEvent\(id: (\d+), (\w+)\)/g, 'event $1 ($2)'),
  );
  return {
    text: text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text,
    eventId: eventId ? Number(eventId[1] ?? eventId[2]) : null,
  };
}

/** Returns the text between a marker and the next quote that is not escaped; null if there is none. */
function quotedAfter(marker: string, text: string): string | null {
  const found = text.indexOf(marker);
  if (found === -1) return null;
  const start = found + marker.length;
  for (let end = start; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '"') return text.slice(start, end);
  }
  return null;
}

const unescape = (text: string): string => text.replace(/\\n/g, ' ').replace(/\\(.)/g, '$1');

/** Removes printed structs, which may hold payloads; of an event, its id and type are kept. */
const withoutStructs = (text: string): string =>
  upToStruct(
    text
      .replace(/(?:event:? )?EventInfo \{ event_id: (\d+), event_type: (\w+) \}/g, 'event $1 ($2)')
      .replace(/(?:event:? )?HistoryEvent \{ event_id: (\d+)[\s\S]*$/, 'event $1'),
  )
    .replace(/\s+/g, ' ')
    .trim();

/** Returns the text before the first printed struct, `Name {`. A name may be longer than a pattern can take in good time. */
function upToStruct(text: string): string {
  for (let brace = text.indexOf(' {'); brace !== -1; brace = text.indexOf(' {', brace + 1)) {
    let start = brace;
    while (/\w/.test(text[start - 1] ?? '')) start--;
    if (start < brace) return text.slice(0, start);
  }
  return text;
}
