import { isErrorCode } from '../../errors';
import { DIFFERENCE_KINDS } from '../../model/diagnosis';
import { labelOfHistory } from '../../model/history';
import { VERDICTS } from '../../model/verdict';
import type { FromChild, Job } from './protocol';

/** The state of a process by which its next message is checked. */
export interface ExpectedOf {
  /** The job that the process was given; null if it has none. */
  job: Job | null;
  /** Index of the history that is being replayed; null if none is. */
  running: number | null;
  /** Index of the next history of the job. */
  next: number;
}

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string';
const isTextOrNull: Check = (value) => value === null || isText(value);
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isBoolean: Check = (value) => typeof value === 'boolean';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isVerdict: Check = (value) => isText(value) && Object.hasOwn(VERDICTS, value as string);
const isKind: Check = (value) => (DIFFERENCE_KINDS as readonly unknown[]).includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const has =
  (fields: Fields): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const PARTS = has({
  ...{ own: isText, details: isTextOrNull, errorType: isTextOrNull, foreign: isTextOrNull },
  frame: isTextOrNull,
});
const ERROR = has({ code: isText, message: isText, parts: PARTS });
const PLACE = has({ file: isText, line: isNumber, column: isNumber, function: isTextOrNull });
const COMMAND = has({
  ...{ kind: isText, name: isTextOrNull, words: isText, endsRun: isBoolean },
  at: listOf(PLACE),
});
const RESULT = has({
  file: isText,
  history: has({ file: isText, index: isNumber }),
  ...{ workflowId: isTextOrNull, runId: isTextOrNull, workflowType: isTextOrNull },
  verdict: isVerdict,
  ...{ events: isNumber, verifiedEvents: isNumber, durationMs: isNumber },
  ...{ isOpen: optional(isBoolean), shape: optional(isText), namespace: optional(isText) },
  ...{ firstEventAt: optional(isText), lastEventAt: optional(isText) },
  divergence: optional(
    has({
      eventId: isNumber,
      recorded: orNull(has({ event: isText, name: isTextOrNull })),
      produced: orNull(has({ command: isText, name: isTextOrNull })),
      location: orNull(PLACE),
      coreMessage: isTextOrNull,
    }),
  ),
  drift: listOf(has({ eventId: isNumber, path: isText })),
  error: optional(ERROR),
  existing: optional(has({ eventId: isNumber })),
});
const ROW = has({
  ...{ op: isText, eventId: orNull(isNumber), recorded: isTextOrNull, produced: isTextOrNull },
  isDivergence: isBoolean,
});
const TRACE = has({
  ...{ kind: isKind, headline: PARTS, isOpen: isBoolean },
  ...{ recorded: orNull(COMMAND), produced: orNull(COMMAND), before: orNull(COMMAND) },
  ...{ instead: orNull(COMMAND), removed: listOf(COMMAND), added: listOf(COMMAND) },
  ...{ ownWait: orNull(PLACE), isShared: listOf(isBoolean), endsWorkflow: isBoolean },
  ...{ returnedAt: listOf(PLACE), thrownAt: listOf(PLACE), driftedAt: listOf(PLACE) },
  ...{ stoppedAt: listOf(PLACE), failureType: isTextOrNull, hasSourceMap: isBoolean },
  ...{ rows: listOf(ROW), undecoded: orNull(isRecord), brokenOffBy: isTextOrNull },
  due: optional(listOf(has({ eventId: isNumber, words: isText }))),
  timeline: optional(listOf(has({ kind: isText, eventIds: listOf(isNumber), startMs: isNumber }))),
});
const hasNumbers: Check = (value) => isRecord(value) && Object.values(value).every(isNumber);
const COUNTERS = has({
  files: listOf(
    has({
      ...{ path: isText, hash: isText, s: hasNumbers, f: hasNumbers },
      b: (value) => isRecord(value) && Object.values(value).every(listOf(isNumber)),
    }),
  ),
  patches: (value) =>
    isRecord(value) &&
    Object.values(value).every(has({ true: isNumber, false: isNumber, switchedOff: optional(isNumber) })),
});

const REPLAYED: Fields = {
  result: RESULT,
  trace: optional(TRACE),
  counters: optional(COUNTERS),
  isolationFault: optional(has({ project: isText, outcome: PARTS })),
  sharedChange: optional(has({ project: isText, property: isText, isOfProcess: isBoolean })),
  engine: optional(
    has({
      by: (by) => by === 'screen' || by === 'core',
      ...{ unsure: optional(isText), isChecked: optional(isBoolean), disagrees: optional(isBoolean) },
    }),
  ),
  ambiguity: optional(has({ workflowType: isText, projects: listOf(isText) })),
};

const SHAPES: Readonly<Record<FromChild['type'], Check>> = {
  started: has({ jobId: isNumber, index: isNumber, partial: RESULT, isOpen: isBoolean }),
  outside: has({ jobId: isNumber, index: isNumber, areGoingOn: isBoolean }),
  judged: has({ jobId: isNumber, index: isNumber, result: RESULT }),
  result: has({ jobId: isNumber, index: isNumber, ...REPLAYED }),
  again: has({ jobId: isNumber, index: isNumber }),
  done: has({ jobId: isNumber }),
  fatal: has({ code: (code) => code === null || isErrorCode(code), message: isText }),
};

/** Returns what is wrong with a value that a replay process has sent, in a few words; null for a message that is due. */
export function faultOfMessage(value: unknown, expected: ExpectedOf): string | null {
  if (!isRecord(value) || !isText(value['type']) || !Object.hasOwn(SHAPES, value['type'] as string))
    return 'no message';
  const type = value['type'] as FromChild['type'];
  if (!SHAPES[type](value)) return `a message \`${type}\` without its fields`;
  return faultOfTurn(value as unknown as FromChild, expected);
}

/** Returns why a message is not due now: it is about another job or history, or comes twice. */
function faultOfTurn(message: FromChild, { job, running, next }: ExpectedOf): string | null {
  if (message.type === 'fatal') return null;
  const about = `a message \`${message.type}\``;
  if (job === null || message.jobId !== job.id) return `${about} about a job that it was not given`;
  switch (message.type) {
    case 'started':
      if (running !== null || message.index !== next) return `${about} out of its turn`;
      return isOf(message.partial, job, message.index) ? null : `${about} about another history`;
    case 'judged':
    case 'result':
      if (running === null || message.index !== running) return `${about} out of its turn`;
      return isOf(message.result, job, running) ? null : `${about} about another history`;
    case 'outside':
    case 'again':
      return running !== null && message.index === running ? null : `${about} out of its turn`;
    case 'done':
      return running === null ? null : `${about} before the result of its history`;
  }
}

function isOf({ file, history }: { file: string; history?: unknown }, job: Job, index: number): boolean {
  const reference = history as { file: string; index: number };
  return (
    reference.file === job.file &&
    reference.index === index &&
    file === labelOfHistory({ file: job.file, index })
  );
}
