import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { TemporalReplayError } from '../../errors';
import type { Event } from '../../temporal/event';
import type { FailedTask } from '../worker/protocol';
import { nearestName } from '../../util/nearest-name';
import { ACTIVITY_NOT_MOCKED } from '../mocks/activity-not-mocked';
import type { AwaitedCall } from '../connection/client';
import { historyText } from '../text/history-text';
import type { SeenRun } from '../runs/run-registry';
import { ranOutOfDefaultTime, SEND_FIRST, type Stall } from './stall';
import { thrownText } from '../text/thrown-text';
import { summarizeEvents } from './summarize-events';
import { fetchBlockedLocations } from '../text/fetch-blocked-locations';

type IHistory = temporal.api.history.v1.IHistory;

/** A stall, or of a sleep what is in its way: of no workflow in particular. */
export type WaitStall = Omit<Stall, 'workflowId'> & { workflowId: string | null };

export interface StalledOptions {
  client: Client;
  /** What places in the code are shown relative to. */
  cwd: string;
  what?: string;
  /** Of the run that stands still, where it is at hand. */
  history?: IHistory | null;
}

/** Why a wait would never end: the reason, what to do, where the code waits, and the history so far. */
export async function stalledError(
  awaited: AwaitedCall,
  stall: WaitStall,
  { client, cwd, what = 'does not go on', history }: StalledOptions,
): Promise<TemporalReplayError> {
  const stalledId = stall.workflowId;
  const hint =
    awaited.kind === 'update' && stall.hint === SEND_FIRST
      ? 'Send what its handler waits for before the update is awaited.'
      : stall.hint;
  const found = history ?? (stalledId === null ? null : await historyOf(client, stalledId));
  const shown = found && stalledId !== null && shownHistory(found, stalledId);
  // In the middle of a workflow task, such as for local activities, it answers no query.
  const isInTask = found?.events?.at(-1)?.workflowTaskStartedEventAttributes != null;
  const waiting = isInTask || stalledId === null ? [] : [stalledId, awaited.workflowId ?? stalledId];
  // A child that nobody has taken waits nowhere: who has started it does.
  const places = await firstFound(waiting, (id) => fetchBlockedLocations(client, id, cwd));
  const parts = [
    `${inWords(awaited, what)} ${stall.reason}`,
    `What to do: ${hint}`,
    ...(places.length > 0 ? [`Its code waits here:\n${indented(places.join('\n'))}`] : []),
    ...(shown ? [`The history so far:\n${indented(shown)}`] : []),
  ];
  return new TemporalReplayError('WORKFLOW_STALLED', parts.join('\n\n'), { hint });
}

export interface OverdueOptions extends Omit<StalledOptions, 'what' | 'history'> {
  timeoutMs: number;
  /** What has gone on most often meanwhile. */
  busiest: SeenRun | null;
}

/** A wait took too long, though something goes on. */
export async function overdueError(
  awaited: AwaitedCall,
  { timeoutMs, busiest, ...options }: OverdueOptions,
): Promise<TemporalReplayError> {
  const workflowId = busiest?.workflowId ?? awaited.workflowId;
  const history = workflowId === null ? null : await historyOf(options.client, workflowId);
  const soFar = summarizeEvents((history?.events ?? []) as Event[]);
  const reason = [
    `It did not end within ${timeoutMs / 1000} s, though it goes on.`,
    ...(soFar ? [`What ${busiest?.workflowType ?? 'it'} did so far: ${soFar}.`] : []),
  ].join(' ');
  const hint = 'Does it loop for ever? Else raise resultTimeout, and the timeout of the test.';
  return stalledError(awaited, { reason, hint, workflowId }, { ...options, what: 'does not end', history });
}

export interface TaskFailureOptions {
  cwd: string;
  /** That the code has. */
  workflowTypes: readonly string[];
  /** What a replay says of it, where core refused what the code did. */
  diagnosis: string | null;
}

/** A workflow task failed: the error as thrown, and as its cause. */
export function taskFailureError(
  task: FailedTask,
  { cwd, workflowTypes, diagnosis }: TaskFailureOptions,
): TemporalReplayError {
  const { type, message, stack, workflowType, workflowId } = task;
  const who = `${workflowType} (${workflowId})`;
  const thrown = diagnosis ?? thrownText(task, cwd);
  const hint = taskFailureHint(task, workflowTypes);
  const cause = Object.assign(new Error(message), {
    name: type,
    stack: `${type}: ${message}\n${framesOf(stack)}`,
  });
  return new TemporalReplayError(
    'WORKFLOW_TASK_FAILED',
    `A workflow task of ${who} failed, which a real worker would try again for ever.\n\n${thrown}\n\nWhat to do: ${hint}`,
    { cause, hint },
  );
}

/** Nobody waits for a call whose environment ends. */
export const notAwaitedError = (awaited: AwaitedCall): TemporalReplayError =>
  new TemporalReplayError('USAGE', `${nameOf(awaited)} was still waited for when the environment ended.`, {
    hint: 'Await it in the test, or let the environment live longer.',
  });

/** That the test forgot an activity stands two causes deeper than the line that a test runner shows first. */
export function withForgottenActivity(err: unknown): unknown {
  for (let cause = err; cause instanceof Error; cause = cause.cause)
    if (err instanceof Error && cause !== err && (cause as { type?: unknown }).type === ACTIVITY_NOT_MOCKED)
      err.message += `: ${cause.message}`;
  return err;
}

function nameOf(awaited: AwaitedCall): string {
  if (awaited.kind === 'sleep') return `The sleep of ${awaited.name}`;
  const what = `The ${awaited.kind}${'name' in awaited && awaited.name !== null ? ` ${awaited.name}` : ''}`;
  return awaited.kind === 'result' ? `${what} of the workflow ${awaited.workflowId}` : what;
}

function inWords(awaited: AwaitedCall, what: string): string {
  if (awaited.kind === 'sleep') return `${nameOf(awaited)} does not end.`;
  const workflow = `The workflow ${awaited.workflowId} ${what}.`;
  return awaited.kind === 'result' ? workflow : `${nameOf(awaited)} is not answered. ${workflow}`;
}

/** Of the SDK's message for a type that the bundle does not have (`@temporalio/workflow` 1.24). */
const UNKNOWN_TYPE = 'no such function is exported by the workflow bundle';

function taskFailureHint({ message, workflowType }: FailedTask, known: readonly string[]): string {
  if (message.startsWith('Script execution timed out'))
    return 'Its code did not come to an await for so long. Does it loop for ever?';
  if (!message.includes(UNKNOWN_TYPE)) return 'To fail the workflow instead, throw an ApplicationFailure.';
  const nearest = nearestName(workflowType, known);
  const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `The code has ${[...known].sort().join(', ')}.${guess}`;
}

/** Without the line of the bundle that Node puts before them. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

async function firstFound<T>(ids: readonly string[], find: (id: string) => Promise<T[]>): Promise<T[]> {
  for (const id of new Set(ids)) {
    const found = await find(id);
    if (found.length > 0) return found;
  }
  return [];
}

const historyOf = (client: Client, workflowId: string): Promise<IHistory | null> =>
  client.workflow
    .getHandle(workflowId)
    .fetchHistory()
    .catch(() => null);

function shownHistory({ events }: IHistory, workflowId: string): string | null {
  const ofWorkflow = ranOutOfDefaultTime((events ?? []) as Event[]) ? events!.slice(0, -1) : events;
  try {
    return historyText({ events: ofWorkflow }, workflowId);
  } catch {
    return null;
  }
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
