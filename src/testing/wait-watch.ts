import { setMaxListeners } from 'node:events';
import type { Client, Connection } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { isTemporalReplayError, TemporalReplayError } from '../errors';
import type { Event } from '../events/event';
import type { FailedTask } from '../test-worker/protocol';
import { ACTIVITY_NOT_MOCKED } from './activity-not-mocked';
import type { ActivityRunner, RunningActivity } from './activity-runner';
import { calledFrom } from './called-from';
import type { AwaitedCall } from './client';
import { findEndless } from './endless';
import { historyText } from './history-text';
import type { NexusRunner } from './nexus-runner';
import type { RunRegistry } from './run-registry';
import { findStall, runningStall, SEND_FIRST, type Stall, type StallContext } from './stall';
import type { TestTime } from './time';
import { nearestName } from '../util/nearest-name';
import { thrownText } from './thrown-text';
import { whatWentOn } from './what-went-on';
import { waitUntil } from './wait-until';
import { whereItWaits } from './where-it-waits';

export interface WaitWatchOptions {
  connection: Connection;
  client: Client;
  runs: RunRegistry;
  activities: ActivityRunner;
  /** Those of mocked Nexus operations. */
  operations: Pick<NexusRunner, 'running' | 'failed'>;
  time: TestTime;
  taskQueues: () => readonly string[];
  /** That the code has. */
  workflowTypes: readonly string[];
  cwd: string;
  /** Real ms without anything going on, after which it is looked into. */
  stallTimeoutMs: number;
  /** Real ms that a wait may take at most. */
  timeoutMs: number;
  /** Until what the test worker has told so far is here. */
  settled(): Promise<void>;
  /** What there is to say of a run that core refused; null where a replay finds nothing. */
  diagnose(task: FailedTask): Promise<string | null>;
  /** Why there is no test worker any more. */
  gone(): TemporalReplayError | null;
}

type IHistory = temporal.api.history.v1.IHistory;

interface LookOptions {
  running?: readonly RunningActivity[];
  /** Real ms that the wait has left. */
  leftMs?: number;
}

interface StalledOptions {
  what?: string;
  /** Of the run that stands still, where it is at hand. */
  history?: IHistory | null;
}

/** Of the SDK's message for a type that the bundle does not have (`@temporalio/workflow` 1.24). */
const UNKNOWN_TYPE = 'no such function is exported by the workflow bundle';
const LOOK_EVERY_MS = 100;
/** From this part of the longest wait on, work that is begun again and again ends it. */
const ENDLESS_AFTER = 1 / 2;
/** A look into a run that comes to nothing takes some calls: not at once again. */
const LOOK_AGAIN_AFTER_MS = 1_000;

/** Waits for results, updates and queries, and ends a wait that would never end with the reason. */
export class WaitWatch {
  /** Waits that are under way, and what ends them. */
  private readonly active = new Map<Promise<unknown>, (reason: Error) => void>();

  constructor(private readonly options: WaitWatchOptions) {}

  /** @throws WORKFLOW_TASK_FAILED, WORKFLOW_STALLED, TEST_WORKER_GONE, USAGE, or what `wait` throws */
  wait<T>(awaited: AwaitedCall, wait: () => Promise<T>): Promise<T> {
    let end: (reason: Error) => void = () => undefined;
    const ended = new Promise<never>((_, fail) => (end = fail));
    ended.catch(() => undefined);
    const answer = this.watched(awaited, wait, ended);
    this.active.set(answer, end);
    const forget = (): void => void this.active.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  /** Ends the waits that nobody has waited for: each lets time pass, for the next test too. */
  async endAll(): Promise<void> {
    for (const end of this.active.values()) end(notAwaited());
    await Promise.allSettled(this.active.keys());
  }

  private async watched<T>(awaited: AwaitedCall, wait: () => Promise<T>, ended: Promise<never>): Promise<T> {
    const { connection, runs } = this.options;
    const withCaller = calledFrom();
    const abort = new AbortController();
    // Each call of a long wait listens, such as one for each run of a chain.
    setMaxListeners(0, abort.signal);
    const watched = (): Promise<T> => {
      const answer = connection
        .withAbortSignal(abort.signal, wait)
        .catch(async (err: unknown) => Promise.reject((await this.reasonFor(awaited, err)) ?? err));
      // Where the watch ends first, nobody hears of the call that it broke off.
      answer.catch(() => undefined);
      return Promise.race([answer, this.trouble(awaited, abort.signal), ended]);
    };
    // A workflow does not go on for a query.
    const touch = awaited.kind === 'query' ? () => undefined : () => runs.touch();
    touch();
    try {
      return await this.skipping(awaited.kind, watched);
    } catch (err) {
      const told = this.options.gone() ?? err;
      throw isTemporalReplayError(told) ? withCaller(told) : withReason(told);
    } finally {
      abort.abort();
      touch();
      if (awaited.kind !== 'query') await this.options.settled();
    }
  }

  /**
   * Time passes step by step for an update: with all of it let go, the server would be at the next timer, such as the one
   * that the update comes before, by the time that the answer is here. A query takes no workflow time, a sleep has its own.
   */
  private async skipping<T>(kind: AwaitedCall['kind'], watched: () => Promise<T>): Promise<T> {
    const { time, runs, activities, timeoutMs } = this.options;
    if (kind === 'result') return time.skippingWhile(watched);
    const answer = watched();
    if (kind !== 'update' || !time.canSkip) return answer;
    let isThere = false;
    const context = { runs, time, runningActivities: () => activities.running.length };
    // That it does not help is for the watch to tell, which knows why.
    waitUntil(() => isThere, context, { timeoutMs }).catch(() => undefined);
    return answer.finally(() => (isThere = true));
  }

  /** A run that timed out only because nothing was to come, as did a child of it perhaps. */
  private async reasonFor(awaited: AwaitedCall, err: unknown): Promise<TemporalReplayError | null> {
    return this.options.time.canSkip && isTimeout(err) ? this.stall(awaited, { running: [] }) : null;
  }

  private async trouble(awaited: AwaitedCall, signal: AbortSignal): Promise<never> {
    const { workflowId } = awaited;
    const { runs, stallTimeoutMs, timeoutMs } = this.options;
    const startedAt = Date.now();
    let lookAt = 0;
    for (;;) {
      await new Promise<void>((done) => setTimeout(done, LOOK_EVERY_MS));
      // Nobody waits any more.
      if (signal.aborted) return new Promise<never>(() => undefined);
      const gone = this.options.gone();
      if (gone) throw gone;
      const failed = this.failedTask(awaited);
      if (failed) throw await this.taskFailure(failed);
      const now = Date.now();
      if (now - startedAt > timeoutMs) throw await this.overdue(awaited);
      // So much may well go on within a sleep.
      const endless =
        workflowId !== null &&
        now - startedAt > timeoutMs * ENDLESS_AFTER &&
        this.endless(workflowId, startedAt);
      if (endless) throw await this.stalled(awaited, endless, { what: 'does not end' });
      if (now - runs.lastActiveAtMs < stallTimeoutMs || now < lookAt) continue;
      lookAt = now + LOOK_AGAIN_AFTER_MS;
      const stalled = await this.stall(awaited, { leftMs: timeoutMs - (now - startedAt) });
      if (stalled && !signal.aborted && Date.now() - runs.lastActiveAtMs >= stallTimeoutMs) throw stalled;
    }
  }

  /** Of a sleep it is news only: what the test was told of is not in its way. */
  private failedTask({ workflowId }: AwaitedCall): FailedTask | null {
    const { runs } = this.options;
    if (workflowId === null) return runs.untold();
    return runs.failures().find((task) => runs.isWithin(task.workflowId, workflowId)) ?? null;
  }

  /** What there is to say of a task that failed, to whoever is told of it now. */
  async taskFailure(task: FailedTask): Promise<TemporalReplayError> {
    this.options.runs.told(task);
    const { type, message, stack, workflowType, workflowId } = task;
    const who = `${workflowType} (${workflowId})`;
    const diagnosis = type === 'NondeterminismError' ? await this.options.diagnose(task) : null;
    const thrown = diagnosis ?? thrownText(task, this.options.cwd);
    const hint = taskFailureHint(task, this.options.workflowTypes);
    return new TemporalReplayError(
      'WORKFLOW_TASK_FAILED',
      `A workflow task of ${who} failed, which a real worker would try again for ever.\n\n${thrown}\n\nWhat to do: ${hint}`,
      {
        cause: Object.assign(new Error(message), {
          name: type,
          stack: `${type}: ${message}\n${framesOf(stack)}`,
        }),
        hint,
      },
    );
  }

  private async overdue(awaited: AwaitedCall): Promise<TemporalReplayError> {
    const { workflowId } = awaited;
    const { runs, timeoutMs } = this.options;
    const busiest = runs.busiestWithin(workflowId);
    const busyId = busiest?.workflowId ?? workflowId;
    const history = busyId === null ? null : await this.historyOf(busyId);
    const soFar = whatWentOn((history?.events ?? []) as Event[]);
    const reason = [
      `It did not end within ${timeoutMs / 1000} s, though it goes on.`,
      ...(soFar ? [`What ${busiest?.workflowType ?? 'it'} did so far: ${soFar}.`] : []),
    ].join(' ');
    const hint = 'Does it loop for ever? Else raise resultTimeout, and the timeout of the test.';
    const stall = { reason, hint, workflowId: busyId };
    return this.stalled(awaited, stall, { what: 'does not end', history });
  }

  private endless(workflowId: string, waitingSinceMs: number): Stall | null {
    const { runs, activities, operations } = this.options;
    const failed = { failedAttempts: activities.failedAttempts, failedOperations: operations.failed };
    return findEndless(workflowId, { runs, ...failed, nowMs: Date.now(), waitingSinceMs });
  }

  private async stall(
    awaited: AwaitedCall,
    { running = this.options.activities.running, leftMs = 0 }: LookOptions,
  ): Promise<TemporalReplayError | null> {
    const { client, time, taskQueues, stallTimeoutMs, operations } = this.options;
    const context: StallContext = {
      client,
      running,
      runningOperations: operations.running,
      taskQueues: taskQueues(),
      canSkipTime: time.canSkip,
      nowMs: Date.now(),
      ...{ idleMs: stallTimeoutMs, leftMs },
    };
    const stall =
      awaited.workflowId === null
        ? runningStall(context)
        : await findStall(awaited.workflowId, context).catch(() => null);
    return stall && (await this.stalled(awaited, stall));
  }

  private async stalled(
    awaited: AwaitedCall,
    stall: Omit<Stall, 'workflowId'> & { workflowId: string | null },
    { what = 'does not go on', history }: StalledOptions = {},
  ): Promise<TemporalReplayError> {
    const { workflowId } = awaited;
    const { client, cwd, runs } = this.options;
    const stalledId = stall.workflowId;
    const hint =
      awaited.kind === 'update' && stall.hint === SEND_FIRST
        ? 'Send what its handler waits for before the update is awaited.'
        : stall.hint;
    if (stalledId !== null) runs.giveUp(workflowId, stalledId);
    const found = history ?? (stalledId === null ? null : await this.historyOf(stalledId));
    const shown = found && stalledId !== null && shownHistory(found, stalledId);
    // In the middle of a workflow task, such as for local activities, it answers no query.
    const isInTask = found?.events?.at(-1)?.workflowTaskStartedEventAttributes != null;
    const waiting = isInTask || stalledId === null ? [] : [stalledId, workflowId ?? stalledId];
    // A child that nobody has taken waits nowhere: who has started it does.
    const places = await firstFound(waiting, (id) => whereItWaits(client, id, cwd));
    const parts = [
      `${inWords(awaited, what)} ${stall.reason}`,
      `What to do: ${hint}`,
      ...(places.length > 0 ? [`Its code waits here:\n${indented(places.join('\n'))}`] : []),
      ...(shown ? [`The history so far:\n${indented(shown)}`] : []),
    ];
    return new TemporalReplayError('WORKFLOW_STALLED', parts.join('\n\n'), { hint });
  }

  private async historyOf(workflowId: string): Promise<IHistory | null> {
    const handle = this.options.client.workflow.getHandle(workflowId);
    return handle.fetchHistory().catch(() => null);
  }
}

const notAwaited = (): TemporalReplayError =>
  new TemporalReplayError('USAGE', 'The environment has ended while this was still waited for.', {
    hint: 'Await it in the test, or let the environment live longer.',
  });

function inWords(awaited: AwaitedCall, what: string): string {
  if (awaited.kind === 'sleep') return `The sleep of ${awaited.name} does not end.`;
  const workflow = `The workflow ${awaited.workflowId} ${what}.`;
  if (awaited.kind === 'result') return workflow;
  return `The ${awaited.kind}${awaited.name === null ? '' : ` ${awaited.name}`} is not answered. ${workflow}`;
}

function taskFailureHint({ message, workflowType }: FailedTask, known: readonly string[]): string {
  if (message.startsWith('Script execution timed out'))
    return 'Its code did not come to an await for so long. Does it loop for ever?';
  if (!message.includes(UNKNOWN_TYPE)) return 'To fail the workflow instead, throw an ApplicationFailure.';
  const nearest = nearestName(workflowType, known);
  const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `The code has ${[...known].sort().join(', ')}.${guess}`;
}

async function firstFound<T>(ids: readonly string[], find: (id: string) => Promise<T[]>): Promise<T[]> {
  for (const id of new Set(ids)) {
    const found = await find(id);
    if (found.length > 0) return found;
  }
  return [];
}

/** That the test forgot an activity stands two causes deeper than the line that a test runner shows first. */
function withReason(err: unknown): unknown {
  for (let cause = err; cause instanceof Error; cause = cause.cause)
    if (err instanceof Error && (cause as { type?: unknown }).type === ACTIVITY_NOT_MOCKED && cause !== err)
      err.message += `: ${cause.message}`;
  return err;
}

/** Without the line of the bundle that Node puts before them. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

function shownHistory(history: IHistory, workflowId: string): string | null {
  try {
    return historyText(history, workflowId);
  } catch {
    return null;
  }
}

const isTimeout = (err: unknown): boolean =>
  err instanceof Error && (err instanceof TimeoutFailure || isTimeout(err.cause));

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
