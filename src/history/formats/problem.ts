/**
 * The reason why one history is refused: a stable code, and a message with the problem, its place and the remedy.
 * The message never quotes payload data.
 */
export interface HistoryProblem {
  code: HistoryProblemCode;
  message: string;
}

/** The codes of all reasons why a history is refused. `docs/histories.md` has a row for each. */
export const HISTORY_PROBLEM_CODES = [
  // reading the file
  'EMPTY_FILE',
  'TOO_LARGE',
  'NOT_JSON',
  'TRUNCATED',
  'BAD_GZIP',
  'UNKNOWN_FORMAT',
  'DECODED_DOWNLOAD',
  'PARTIAL_PAGE',
  'BAD_FIELD',
  'TOO_DEEP',
  // the history as a whole
  'NO_EVENTS',
  'WRONG_FIRST_EVENT',
  'NO_RUN_ID',
  'NO_TASK_QUEUE',
  'NO_WORKFLOW_TYPE',
  'EVENT_ID_GAP',
  'EVENT_ID_DUPLICATE',
  'EVENT_ID_ORDER',
  'EVENT_ID_INVALID',
  'EVENT_AFTER_END',
  'SECOND_START',
  // one event
  'UNKNOWN_EVENT_TYPE',
  'UNSUPPORTED_EVENT',
  'MISSING_ATTRIBUTES',
  'ATTRIBUTES_MISMATCH',
  'MISSING_FIELD',
  'MISSING_TIME',
  'BAD_TIME',
  'BAD_REFERENCE',
  'BAD_SEQUENCE',
  'BAD_MARKER',
  'BAD_RESULT',
  'BAD_UPDATE',
] as const;

export type HistoryProblemCode = (typeof HISTORY_PROBLEM_CODES)[number];

/** Thrown by a reader deep inside a file; `decodeHistories` turns it into a value. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** JSON path from the outermost value to the field, filled in as the error passes each level. */
  readonly path: (string | number)[] = [];

  constructor(
    readonly code: HistoryProblemCode,
    message: string,
  ) {
    super(message);
  }

  toProblem(): HistoryProblem {
    const path = this.path.length === 0 ? '' : ` (at ${formatPath(this.path)})`;
    return {
      code: this.code,
      message: this.message.replace('{at}', path) + (this.message.includes('{at}') ? '' : path),
    };
  }
}

/** `['events', 4, 'eventTime']` → `events[4].eventTime`. */
function formatPath(path: (string | number)[]): string {
  let out = '';
  const shown = path.length > 12 ? [...path.slice(0, 6), '…', ...path.slice(-3)] : path;
  for (const part of shown) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (part === '…' || /^[A-Za-z_$][\w$-]*$/.test(part)) out += out === '' ? part : `.${part}`;
    else out += `[${JSON.stringify(part)}]`;
  }
  return out;
}

export const tooLarge = (maxBytes: number): ProblemError =>
  new ProblemError(
    'TOO_LARGE',
    `holds more than ${Math.floor(maxBytes / 1e6)} MB: too much for one file. Split it, a history a file.`,
  );
