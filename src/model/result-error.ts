import { type MessageParts, composeMessage, messageParts } from './message';
import { ownFaultParts } from './own-fault';

/** The subject of an error: the workflow code, the history, or the machine and configuration that replay it. */
export type Fault = 'code' | 'history' | 'environment';

/**
 * The codes of errors with which a replay can end, each with what is at fault. An error that is not the code's says nothing
 * about the code. The codes of files that cannot be read are those of `src/history/formats/problem.ts`.
 */
const FAULTS: Readonly<Record<string, Fault>> = {
  UNKNOWN_WORKFLOW_TYPE: 'code',
  BUNDLE_FAILED: 'code',
  WORKFLOW_TASK_FAILED: 'code',
  WORKFLOW_FAILED: 'code',
  PROCESS_DIED: 'code',
  TIMEOUT: 'code',
  HISTORY_REFUSED: 'history',
  CORE_PANIC: 'history',
  PAYLOAD_NOT_DECODED: 'environment',
  REPLAY_FAILED: 'environment',
  INTERNAL_ERROR: 'environment',
};

/** All codes of results but those of files. `docs/verdicts.md` has a row for each. */
export const RESULT_ERROR_CODES: readonly string[] = Object.keys(FAULTS);

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

/** Returns the error of a history over which this package itself broke. */
export const internalError = (err: unknown): ResultError => {
  const { own, ...parts } = ownFaultParts('temporal-replay itself broke over this history:', err);
  return resultError({ code: 'INTERNAL_ERROR', own, ...parts });
};

/** Returns true unless the error is known to be no fault of the workflow code. */
export const isFaultOfCode = ({ code }: Pick<ResultError, 'code'>): boolean =>
  (FAULTS[code] ?? 'code') === 'code';
