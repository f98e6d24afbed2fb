import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { WorkflowClient } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { messageOf, TemporalReplayError } from '../../errors';
import { decodeHistories } from '../../history/decode';
import { identityOf } from '../../temporal/identity';
import { environmentRegistry, type RegisteredEnvironment } from '../environment/environment-registry';

/** A history that a matcher checks, and its origin. */
export interface Subject {
  history: temporal.api.history.v1.IHistory;
  /** The history in any format that can be decoded. */
  bytes: Uint8Array;
  /** Path of the file, or workflow id. */
  label: string;
  workflowType: string;
  workflowId: string | null;
  runId: string | null;
  /** The open environment that ran it, or one whose code has this workflow type; null if there is none. */
  environment: RegisteredEnvironment | null;
}

interface HandleLike {
  workflowId: string;
  client?: unknown;
  fetchHistory(): Promise<temporal.api.history.v1.IHistory>;
}

/**
 * Reads the history of a workflow handle, of a file (a path), or one that is given as an object.
 *
 * @throws HISTORY_INVALID
 */
export async function readSubject(received: unknown): Promise<Subject> {
  if (typeof received === 'string') {
    const bytes = await readFile(resolve(received)).catch((err: unknown) => {
      throw new TemporalReplayError('HISTORY_INVALID', `${received} cannot be read: ${messageOf(err)}`);
    });
    return subjectOf(bytes, received, null);
  }
  if (isHandle(received)) {
    const history = withWorkflowId(await received.fetchHistory(), received.workflowId);
    return subjectOf(encoded(history), received.workflowId, received.client);
  }
  if (isHistory(received)) return subjectOf(encoded(received), 'the history', null);
  throw new TypeError(
    'Expected a workflow handle, a history (an object with `events`) or the path of a history file.',
  );
}

/** Adds the workflow id, which the time-skipping server (1.40) leaves out. The ids of child workflows are derived from it. */
function withWorkflowId(
  history: temporal.api.history.v1.IHistory,
  workflowId: string,
): temporal.api.history.v1.IHistory {
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (started) started.workflowId ||= workflowId;
  return history;
}

function subjectOf(bytes: Uint8Array, label: string, client: unknown): Subject {
  const [decoded, another] = [...decodeHistories({ file: label, bytes })];
  if (another)
    throw new TemporalReplayError('HISTORY_INVALID', `${label} holds several histories.`, {
      hint: 'describeReplay replays all histories of a file.',
    });
  if (!decoded?.history)
    throw new TemporalReplayError('HISTORY_INVALID', `${label} ${decoded?.problem?.message ?? 'is empty.'}`);
  const { workflowType, workflowId, runId } = identityOf(decoded.history, decoded);
  const environment = environmentOf(client as WorkflowClient | null, workflowType ?? '');
  return {
    ...{ history: decoded.history, bytes, label, workflowId, runId, environment },
    workflowType: workflowType ?? '',
  };
}

function environmentOf(client: WorkflowClient | null, workflowType: string): RegisteredEnvironment | null {
  const open = [...environmentRegistry().open];
  return (
    open.find((environment) => environment.client.workflow === client) ??
    open.find((environment) => environment.hasWorkflowType(workflowType)) ??
    null
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isHandle = (value: unknown): value is HandleLike =>
  isObject(value) && typeof value['fetchHistory'] === 'function';

const isHistory = (value: unknown): value is temporal.api.history.v1.IHistory =>
  isObject(value) && Array.isArray(value['events']);

/** Encodes a history as protobuf, or as JSON if its fields are in the JSON format. */
function encoded(history: temporal.api.history.v1.IHistory): Uint8Array {
  const [first] = (history.events ?? []) as { eventType?: unknown; eventTime?: unknown }[];
  const isJson = typeof first?.eventType === 'string' || typeof first?.eventTime === 'string';
  if (isJson) return Buffer.from(JSON.stringify(history));
  const { History } = temporal.api.history.v1;
  return History.encode(History.fromObject(history)).finish();
}
