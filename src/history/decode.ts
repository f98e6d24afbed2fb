import { constants } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { temporal } from '@temporalio/proto';
import type { HistoryReference } from '../model/history';
import type { IdHint } from '../temporal/identity';
import { readBinary } from './formats/binary';
import { isEvent, readEvents, readJson, type FoundHistory } from './formats/json';
import { ProblemError, type HistoryProblem } from './formats/problem';
import { decodeText, looksLikeText, parseJsonValues } from './formats/text';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** One entry of a file: a history as `temporal.api.history.v1.History`, or the reason why it can't be read. */
export type DecodedHistory = {
  reference: HistoryReference;
} & IdHint &
  ({ history: History; problem?: undefined } | { problem: HistoryProblem; history?: undefined });

/**
 * Yields every history in a file. The content decides the form, never the name. An entry that can't be read is yielded as a
 * `problem`, so that the others are read all the same.
 */
export function* decodeHistories(
  source: { file: string; bytes: Uint8Array },
  {
    maxBytes = constants.MAX_STRING_LENGTH,
  }: { /** Largest content, unpacked. @default the longest string (512 MB) */ maxBytes?: number } = {},
): Generator<DecodedHistory> {
  const { file } = source;
  const fileHint = idsFromFileName(file);
  let index = 0;
  const emit = (found: FoundHistory, hint: IdHint): DecodedHistory => {
    const reference: HistoryReference = { file, index: index++ };
    const ids: IdHint = { ...hint };
    if (found.workflowId !== undefined) ids.workflowId = found.workflowId;
    if (found.runId !== undefined) ids.runId = found.runId;
    if ('problem' in found) return { reference, ...ids, problem: found.problem };
    if (found.events.length === 0) {
      return {
        reference,
        ...ids,
        problem: {
          code: 'NO_EVENTS',
          message: 'has no events: there is nothing to replay. Download it again.',
        },
      };
    }
    return { reference, ...ids, history: normalize(found.events) };
  };
  try {
    // Reads one ahead, because the ids in the file's name are valid only for a single history.
    let pending: FoundHistory | undefined;
    for (const found of readFile(source.bytes, maxBytes)) {
      if (pending) yield emit(pending, {});
      pending = found;
    }
    if (pending) yield emit(pending, index === 0 ? fileHint : {});
    else throw new ProblemError('NO_EVENTS', 'holds no history.');
  } catch (err) {
    if (!(err instanceof ProblemError)) throw err;
    yield emit({ problem: err.toProblem() }, index === 0 ? fileHint : {});
  }
}

function* readFile(bytes: Uint8Array, maxBytes: number): Generator<FoundHistory> {
  if (bytes.length === 0) throw new ProblemError('EMPTY_FILE', 'is empty (0 bytes). Download it again.');
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    yield* readFile(gunzip(bytes, maxBytes), maxBytes);
    return;
  }
  if (!looksLikeText(bytes)) {
    yield* readBinary(bytes);
    return;
  }
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

const tooLarge = (maxBytes: number): ProblemError =>
  new ProblemError(
    'TOO_LARGE',
    `holds more than ${Math.floor(maxBytes / 1e6)} MB: too much for one file. Split it, a history a file.`,
  );

function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (err) {
    // `instanceof Error` would fail under jest, where Node's own errors belong to another realm.
    if ((err as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    const cut = (err as { code?: unknown }).code === 'Z_BUF_ERROR';
    throw cut
      ? new ProblemError('TRUNCATED', 'the gzip data ends early: the file was cut off. Download it again.')
      : new ProblemError(
          'BAD_GZIP',
          'starts like gzip but can not be unpacked: the file is damaged. Download it again.',
        );
  }
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

/**
 * Removes results that are an empty list of payloads: core answers them with a FATAL error, and accepts an absent result (`NoPayload` in sdk-core's protos/mod.rs; tested in test/history/validate/core.test.ts).
 */
function normalize(events: HistoryEvent[]): History {
  for (const event of events) {
    const attributes =
      event.activityTaskCompletedEventAttributes ??
      event.childWorkflowExecutionCompletedEventAttributes ??
      event.workflowExecutionCompletedEventAttributes;
    if (attributes?.result && (attributes.result.payloads ?? []).length === 0) delete attributes.result;
  }
  return temporal.api.history.v1.History.create({ events });
}

const STORED_NAME =
  /(?:^|[/\\])([^/\\]+)_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.json(?:\.gz)?$/i;

/** Returns the ids in the name of a file that this package stored as `<workflow id>_<run id>.json`. */
export function idsFromFileName(file: string): IdHint {
  const match = STORED_NAME.exec(file);
  if (!match) return {};
  // A name that was too long ends in `~` and a hash (store.ts), so that the workflow id is not known.
  if (match[1]!.includes('~')) return { runId: match[2]! };
  try {
    return { workflowId: decodeURIComponent(match[1]!), runId: match[2]! };
  } catch {
    return { runId: match[2]! };
  }
}
