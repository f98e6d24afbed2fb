import { constants } from 'node:buffer';
import { temporal } from '@temporalio/proto';
import { type HistoryReference, namespaceOfClusterFile } from '../model/history';
import type { IdHint } from '../temporal/identity';
import { readHistories } from './formats/formats';
import type { FoundHistory } from './formats/history-format';
import { ProblemError, type HistoryProblem } from './formats/problem';

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
  const namespace = namespaceOfClusterFile(file);
  const fileHint: IdHint = { ...idsFromFileName(file), ...(namespace && { namespace }) };
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
    for (const found of readHistories(source.bytes, { maxBytes })) {
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
