import type { FoundHistory, ReadLimits } from './history-format';
import { isEvent, readEvents, readJson } from './json';
import { ProblemError, tooLarge } from './problem';
import { decodeText, parseJsonValues } from './text';

/**
 * Yields every history in JSON text: of one value, of several in a row, or of a line an event.
 *
 * @throws {@link ProblemError} `TOO_LARGE`, `EMPTY_FILE`, `UNKNOWN_FORMAT`
 */
export function* readJsonText(bytes: Uint8Array, { maxBytes }: ReadLimits): Generator<FoundHistory> {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  const text = decodeText(bytes);
  const start = /[^\s\uFEFF]/.exec(text)?.[0];
  if (start === undefined) throw new ProblemError('EMPTY_FILE', 'holds only white space. Download it again.');
  if (start !== '{' && start !== '[' && !/^["\d\-tfn]/.test(start)) throw notHistoryText(text);
  // Events on a line each (`temporal workflow show --output jsonl`) are collected until the next first event.
  let events: unknown[] = [];
  for (const parsed of parseJsonValues(text)) {
    if ('value' in parsed && isEvent(parsed.value)) {
      const id = (parsed.value as { eventId?: unknown }).eventId;
      if (events.length > 0 && String(id) === '1') {
        yield readEvents(events, [], {});
        events = [];
      }
      events.push(parsed.value);
      continue;
    }
    if ('error' in parsed) {
      if (events.length > 0) events = [];
      yield { problem: parsed.error.toProblem() };
      continue;
    }
    if (events.length > 0) {
      yield readEvents(events, [], {});
      events = [];
    }
    yield* readJson(parsed.value);
  }
  if (events.length > 0) yield readEvents(events, [], {});
}

function notHistoryText(text: string): ProblemError {
  if (/^\s*version https:\/\/git-lfs/.test(text)) {
    return new ProblemError(
      'UNKNOWN_FORMAT',
      'is a Git LFS pointer, not the file itself. Run `git lfs pull`.',
    );
  }
  if (/^\s*<<<<<<< /.test(text)) {
    return new ProblemError(
      'UNKNOWN_FORMAT',
      'holds the marks of a merge conflict. Download the history again.',
    );
  }
  if (/^\s*</.test(text))
    return new ProblemError('UNKNOWN_FORMAT', 'is an HTML or XML page, not a history. Download it again.');
  return new ProblemError(
    'UNKNOWN_FORMAT',
    'is text, but not JSON. A history is what `temporal workflow show --output json` writes (without --output it is a table for people).',
  );
}
