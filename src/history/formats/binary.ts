/**
 * Reads binary histories: `temporal.api.history.v1.History`, and messages that hold one or several of them, Temporal Cloud's export
 * (`temporal.api.export.v1.WorkflowExecutions`, which `@temporalio/proto` doesn't have) and `GetWorkflowExecutionHistoryResponse`.
 * Their wire form alone tells them apart: each is a message whose field 1 is a list of messages, whose own field 1 is an
 * event id (a varint) for a history, and again a message for the others.
 */
import { type temporal } from '@temporalio/proto';
import type { FoundHistory } from './history-format';
import { ProblemError } from './problem';
import { historyEventType } from '../../sdk/message-types';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

interface Field {
  id: number;
  wireType: number;
  /** Content of a length-delimited field: offsets in the bytes. */
  start: number;
  end: number;
}

/** Yields every history in binary data. @throws {@link ProblemError} `UNKNOWN_FORMAT` for other data */
export function* readBinary(bytes: Uint8Array): Generator<FoundHistory> {
  const first = readField(bytes, 0, bytes.length);
  if (first === 'invalid' || first === 'cut' || first.id !== 1 || first.wireType !== 2) {
    if (first === 'cut' && bytes[0] === 0x0a) throw truncated(0);
    throw unknownFormat();
  }
  const inner = first.start === first.end ? undefined : readField(bytes, first.start, first.end);
  // Field 1 of an event is its id; fields 2 and 3 for one without id.
  if (
    inner === undefined ||
    (inner !== 'invalid' && inner !== 'cut' && inner.wireType === 0 && (inner.id === 1 || inner.id === 3))
  ) {
    yield guard(() => readHistory(bytes, 0, bytes.length));
    return;
  }
  if (inner === 'invalid' || inner === 'cut' || inner.wireType !== 2 || inner.id > 2) throw unknownFormat();
  if (inner.id === 2) {
    yield guard(() => readHistory(bytes, 0, bytes.length));
    return;
  }
  let offset = 0;
  while (offset < bytes.length) {
    const field = readField(bytes, offset, bytes.length);
    if (field === 'cut') {
      yield { problem: truncated(offset).toProblem() };
      return;
    }
    if (field === 'invalid') {
      yield { problem: garbage(offset).toProblem() };
      return;
    }
    offset = field.end;
    if (field.id !== 1 || field.wireType !== 2) {
      if (field.id === 3 && field.wireType === 2 && field.end > field.start)
        yield { problem: partialPage().toProblem() };
      continue;
    }
    yield guard(() => readExecution(bytes, field.start, field.end));
  }
}

function guard(read: () => HistoryEvent[]): FoundHistory {
  try {
    return { events: read() };
  } catch (err) {
    if (err instanceof ProblemError) return { problem: err.toProblem() };
    throw err;
  }
}

/** Reads `WorkflowExecution { History history = 1 }`, or a bare history in a `GetWorkflowExecutionHistoryResponse`. */
function readExecution(bytes: Uint8Array, start: number, end: number): HistoryEvent[] {
  const first = start === end ? undefined : readField(bytes, start, end);
  if (first === undefined) return [];
  if (first === 'cut') throw truncated(start);
  if (first === 'invalid' || first.wireType !== 2 || first.id !== 1) throw garbage(start);
  const inner = first.start === first.end ? undefined : readField(bytes, first.start, first.end);
  if (
    inner !== undefined &&
    inner !== 'invalid' &&
    inner !== 'cut' &&
    inner.wireType === 2 &&
    inner.id === 1
  ) {
    return readHistory(bytes, first.start, first.end);
  }
  return readHistory(bytes, start, end);
}

function readHistory(bytes: Uint8Array, start: number, end: number): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  let offset = start;
  while (offset < end) {
    const field = readField(bytes, offset, end);
    if (field === 'cut') throw truncated(offset, events.length);
    if (field === 'invalid') throw garbage(offset);
    if (field.id === 1 && field.wireType === 2) {
      try {
        events.push(historyEventType.decode(bytes.subarray(field.start, field.end)) as HistoryEvent);
      } catch (err) {
        if (err instanceof Error && /depth/.test(err.message)) {
          throw new ProblemError(
            'TOO_DEEP',
            `event ${events.length + 1} has messages nested deeper than protobuf allows.`,
          );
        }
        throw garbage(field.start, events.length);
      }
    }
    offset = field.end;
  }
  return events;
}

/** Reads one field of a message. */
function readField(bytes: Uint8Array, offset: number, limit: number): Field | 'cut' | 'invalid' {
  const tag = readVarint(bytes, offset, limit);
  if (typeof tag === 'string') return tag;
  const id = Math.floor(tag.value / 8);
  const wireType = tag.value % 8;
  if (id === 0 || id > 536_870_911) return 'invalid';
  if (wireType === 0) {
    const value = readVarint(bytes, tag.next, limit);
    return typeof value === 'string' ? value : { id, wireType, start: tag.next, end: value.next };
  }
  if (wireType === 1 || wireType === 5) {
    const end = tag.next + (wireType === 1 ? 8 : 4);
    return end > limit ? 'cut' : { id, wireType, start: tag.next, end };
  }
  if (wireType !== 2) return 'invalid';
  const length = readVarint(bytes, tag.next, limit);
  if (typeof length === 'string') return length;
  const end = length.next + length.value;
  return end > limit ? 'cut' : { id, wireType, start: length.next, end };
}

function readVarint(
  bytes: Uint8Array,
  offset: number,
  limit: number,
): { value: number; next: number } | 'cut' | 'invalid' {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    if (offset + i >= limit) return 'cut';
    const byte = bytes[offset + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: offset + i + 1 };
  }
  return 'invalid';
}

const truncated = (offset: number, events?: number): ProblemError =>
  new ProblemError(
    'TRUNCATED',
    `the binary data ends in the middle of a message that starts at byte ${offset}` +
      `${events === undefined ? '' : ` (event ${events + 1} of the history)`}: the file was cut off. Download it again.`,
  );

const garbage = (offset: number, events?: number): ProblemError =>
  new ProblemError(
    'UNKNOWN_FORMAT',
    `the binary data is damaged at byte ${offset}${events === undefined ? '' : ` (event ${events + 1} of the history)`}. Download it again.`,
  );

const partialPage = (): ProblemError =>
  new ProblemError(
    'PARTIAL_PAGE',
    'this is one page of a longer history (it has a next page token); a verdict on a part would mislead. Fetch the whole history.',
  );

const unknownFormat = (): ProblemError =>
  new ProblemError(
    'UNKNOWN_FORMAT',
    'is neither JSON nor a binary history nor gzip of one. A history is what `temporal workflow show --output json`, the Web UI ' +
      'and the SDK write: see docs/histories.md.',
  );
