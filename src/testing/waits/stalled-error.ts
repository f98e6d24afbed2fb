import type { Client } from '@temporalio/client';
import { TemporalReplayError } from '../../errors';
import type { Event } from '../../temporal/event';
import type { AwaitedCall } from '../connection/client';
import type { ObservedRun } from '../runs/run-registry';
import { fetchBlockedLocations } from '../text/fetch-blocked-locations';
import { historyText } from '../text/history-text';
import { nameOfCall } from './name-of-call';
import type { Stall } from './stall';
import { reachedDefaultRunTimeout } from './stalls/default-run-timeout';
import { summarizeEvents } from './summarize-events';

export interface StalledErrorOptions {
  client: Client;
  /** Directory that paths in the message are relative to. */
  cwd: string;
  /** Predicate of the sentence about the awaited workflow. @default 'does not go on' */
  predicate?: string;
}

/** Returns the error of a wait that would never end: the reason, advice, where the code waits, and the history so far. */
export async function stalledError(
  awaited: AwaitedCall,
  stall: Stall,
  { client, cwd, predicate = 'does not go on' }: StalledErrorOptions,
): Promise<TemporalReplayError> {
  const stalledId = stall.workflowId;
  const hint =
    awaited.kind === 'update' && stall.code === 'INPUT_MISSING'
      ? 'Send what its handler waits for before the update is awaited.'
      : stall.hint;
  const events = stall.events ?? (stalledId === null ? null : await fetchEvents(client, stalledId));
  const history = events && stalledId !== null && formatHistory(events, stalledId);
  // A workflow answers no query during a workflow task, such as one that runs local activities.
  const isInTask = events?.at(-1)?.workflowTaskStartedEventAttributes != null;
  const blocked = isInTask || stalledId === null ? [] : [stalledId, awaited.workflowId ?? stalledId];
  // The code of a child whose first task was not taken waits nowhere. Its parent's code does.
  const locations = await firstNotEmpty(blocked, (id) => fetchBlockedLocations(client, id, cwd));
  const parts = [
    `${sentenceOf(awaited, predicate)} ${stall.reason}`,
    `What to do: ${hint}`,
    ...(locations.length > 0 ? [`Its code waits here:\n${indented(locations.join('\n'))}`] : []),
    ...(history ? [`The history so far:\n${indented(history)}`] : []),
  ];
  return new TemporalReplayError('WORKFLOW_STALLED', parts.join('\n\n'), { hint });
}

export interface OverdueErrorOptions extends Omit<StalledErrorOptions, 'predicate'> {
  timeoutMs: number;
  /** The run with the most activations during the wait. */
  busiest: ObservedRun | null;
}

/** Returns the error of a wait that has taken too long although the workflow goes on. */
export async function overdueError(
  awaited: AwaitedCall,
  { timeoutMs, busiest, ...options }: OverdueErrorOptions,
): Promise<TemporalReplayError> {
  const workflowId = busiest?.workflowId ?? awaited.workflowId;
  const events = workflowId === null ? null : await fetchEvents(options.client, workflowId);
  const summary = summarizeEvents(events ?? []);
  const reason = [
    `It did not end within ${timeoutMs / 1000} s, though it goes on.`,
    ...(summary ? [`What ${busiest?.workflowType ?? 'it'} did so far: ${summary}.`] : []),
  ].join(' ');
  const stall: Stall = {
    code: 'RESULT_OVERDUE',
    reason,
    hint: 'Does it loop for ever? If not, raise resultTimeout, and the timeout of the test.',
    workflowId,
    ...(events && { events }),
  };
  return stalledError(awaited, stall, { ...options, predicate: 'does not end' });
}

function sentenceOf(awaited: AwaitedCall, predicate: string): string {
  if (awaited.kind === 'sleep') return `${nameOfCall(awaited)} does not end.`;
  const workflow = `The workflow ${awaited.workflowId} ${predicate}.`;
  return awaited.kind === 'result' ? workflow : `${nameOfCall(awaited)} is not answered. ${workflow}`;
}

async function firstNotEmpty<T>(ids: readonly string[], find: (id: string) => Promise<T[]>): Promise<T[]> {
  for (const id of new Set(ids)) {
    const found = await find(id);
    if (found.length > 0) return found;
  }
  return [];
}

const fetchEvents = (client: Client, workflowId: string): Promise<readonly Event[] | null> =>
  client.workflow
    .getHandle(workflowId)
    .fetchHistory()
    .then(
      ({ events }) => events ?? [],
      () => null,
    );

/** Formats a history, without the timeout that the server has skipped to; null if it cannot be read. */
function formatHistory(events: readonly Event[], workflowId: string): string | null {
  const ofWorkflow = reachedDefaultRunTimeout(events) ? events.slice(0, -1) : [...events];
  try {
    return historyText({ events: ofWorkflow }, workflowId);
  } catch {
    return null;
  }
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
