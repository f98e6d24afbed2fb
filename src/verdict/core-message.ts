/**
 * Core's errors reach us as the debug print of a Rust struct inside of a sentence. This takes out their sense and drops
 * what it prints of the history (payloads included). No verdict hangs on the text. Checked on SDK 1.24.0.
 */

export interface CoreMessage {
  /** One line, without payloads. */
  text: string;
  /** Id of the event that core names, where it names one. */
  eventId: number | null;
}

const MAX_LENGTH = 300;

/** Takes the sense out of the message of a replay error. */
export function readCoreMessage(message: string): CoreMessage {
  const unescaped = message.replace(/\\+"/g, '"').replace(/\\n/g, ' ');
  const details = unescaped.replace(/^[\s\S]*?Details: /, '');
  const named =
    /Nondeterminism error: ([\s\S]*)/.exec(details)?.[1] ?? /Fatal(?: error)?[:(] ?"?([\s\S]*)/.exec(details)?.[1];
  const eventId = /event_id: (\d+)|HistoryEvent\(id: (\d+)/.exec(named ?? details);
  const text = cutDebugPrint(named ?? details)
    .replace(/HistoryEvent\(id: (\d+), (\w+)\)/g, 'event $1 ($2)')
    .replace(/\s+/g, ' ')
    .trim();
  return {
    text: text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text,
    eventId: eventId ? Number(eventId[1] ?? eventId[2]) : null,
  };
}

/** Drops the rest of the print: closing quotes and fields of the outer struct, and any struct printed in full. */
function cutDebugPrint(text: string): string {
  return text
    .replace(/"?, source: [\s\S]*$/, '')
    .replace(/"?, (?:stack_trace|encoded_attributes|cause|failure_info): [\s\S]*$/, '')
    .replace(/(\w+) \{ event_id: (\d+)[\s\S]*$/, '$1 $2')
    .replace(/ \{[\s\S]*$/, '')
    .replace(/["\s)}]+$/, (end) => (end.includes(')') && !end.includes('"') ? ')' : ''));
}
