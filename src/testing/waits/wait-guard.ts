import { setMaxListeners } from 'node:events';
import type { Client, Connection } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { isTemporalReplayError, type TemporalReplayError } from '../../errors';
import type { FailedTask } from '../worker/protocol';
import type { ActivityRunner, RunningActivity } from '../activities/activity-runner';
import { captureCallerStack } from '../connection/capture-caller-stack';
import type { AwaitedCall } from '../connection/client';
import { findEndless } from './endless';
import type { NexusRunner } from '../activities/nexus-runner';
import type { RunRegistry } from '../runs/run-registry';
import { findStall, runningStall, type Stall, type StallContext } from './stall';
import type { TestTime } from '../time/time';
import {
  notAwaitedError,
  overdueError,
  stalledError,
  type StalledOptions,
  taskFailureError,
  withForgottenActivity,
} from './wait-errors';
import { waitUntil } from './wait-until';

export interface WaitGuardOptions {
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

interface LookOptions {
  running?: readonly RunningActivity[];
  /** Real ms that the wait has left. */
  leftMs?: number;
}

/** Most updates take no workflow time, and on a busy machine their way there and back takes a while. */
const UPDATE_QUIET_MS = 500;
const LOOK_EVERY_MS = 100;
/** From this part of the longest wait on, work that is begun again and again ends it. */
const ENDLESS_AFTER = 1 / 2;
/** A look into a run that comes to nothing takes some calls: not at once again. */
const LOOK_AGAIN_AFTER_MS = 1_000;

/** Waits for results, updates and queries, and ends a wait that would never end with the reason. */
export class WaitGuard {
  /** Waits that are under way, and what ends them. */
  private readonly active = new Map<Promise<unknown>, () => void>();

  constructor(private readonly options: WaitGuardOptions) {}

  /** @throws WORKFLOW_TASK_FAILED, WORKFLOW_STALLED, TEST_WORKER_GONE, USAGE, or what `wait` throws */
  wait<T>(awaited: AwaitedCall, wait: () => Promise<T>): Promise<T> {
    let end: () => void = () => undefined;
    const ended = new Promise<never>((_, fail) => (end = () => fail(notAwaitedError(awaited))));
    ended.catch(() => undefined);
    const answer = this.watched(awaited, wait, ended);
    this.active.set(answer, end);
    const forget = (): void => void this.active.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  /** Ends the waits that nobody has waited for: each lets time pass, for the next test too. */
  async endAll(): Promise<void> {
    for (const end of this.active.values()) end();
    await Promise.allSettled(this.active.keys());
  }

  private async watched<T>(awaited: AwaitedCall, wait: () => Promise<T>, ended: Promise<never>): Promise<T> {
    const { connection, runs } = this.options;
    const withCaller = captureCallerStack();
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
      throw isTemporalReplayError(told) ? withCaller(told) : withForgottenActivity(told);
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
    const runningActivities = (): number => activities.running.length;
    const context = { runs, time, runningActivities, quietMs: UPDATE_QUIET_MS };
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
    const { runs, cwd, workflowTypes, diagnose } = this.options;
    runs.told(task);
    const diagnosis = task.type === 'NondeterminismError' ? await diagnose(task) : null;
    return taskFailureError(task, { cwd, workflowTypes, diagnosis });
  }

  private async overdue(awaited: AwaitedCall): Promise<TemporalReplayError> {
    const { client, cwd, runs, timeoutMs } = this.options;
    const busiest = runs.busiestWithin(awaited.workflowId);
    this.giveUp(awaited, busiest?.workflowId ?? awaited.workflowId);
    return overdueError(awaited, { client, cwd, timeoutMs, busiest });
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
    stall: Stall,
    { what }: Pick<StalledOptions, 'what'> = {},
  ): Promise<TemporalReplayError> {
    const { client, cwd } = this.options;
    this.giveUp(awaited, stall.workflowId);
    return stalledError(awaited, stall, { client, cwd, what });
  }

  private giveUp({ workflowId }: AwaitedCall, stalledId: string | null): void {
    if (stalledId !== null) this.options.runs.giveUp(workflowId, stalledId);
  }
}

const isTimeout = (err: unknown): boolean =>
  err instanceof Error && (err instanceof TimeoutFailure || isTimeout(err.cause));
