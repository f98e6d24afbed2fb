import type { Client } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import type { TemporalReplayError } from '../../errors';
import type { ActivityRunner, RunningActivity } from '../activities/activity-runner';
import type { AwaitedCall } from '../connection/client';
import type { OperationAttempts } from '../mocks/opened-mocks';
import type { RunRegistry } from '../runs/run-registry';
import type { TestTime } from '../time/test-time';
import type { FailedTask } from '../worker/protocol';
import { findEndlessWork } from './find-endless-work';
import { findStall } from './find-stall';
import type { Stall, StallContext } from './stall';
import { overdueError, stalledError, type StalledErrorOptions } from './stalled-error';
import { runningActivityStall } from './stalls/running-activity';
import { taskFailureError } from './task-failure-error';
import { nowMs } from '../time/clock';

export interface WaitProblemsOptions {
  client: Client;
  runs: RunRegistry;
  activities: ActivityRunner;
  /** Returns the mocked Nexus operations that are running or have failed. */
  operations: () => OperationAttempts;
  time: TestTime;
  /** Returns the task queues that an SDK worker of the test polls. */
  taskQueues: () => readonly string[];
  /** The workflow types that the code exports. */
  workflowTypes: readonly string[];
  /** Directory that paths in messages are relative to. */
  cwd: string;
  /** Real ms without activity after which the reason is looked for. */
  stallTimeoutMs: number;
  /** Limit on a wait, in real ms. */
  timeoutMs: number;
  /** Releases time that is held for nothing, which no message of the test worker tells. */
  releaseTime(): Promise<void>;
  /** Returns the diagnosis of a run whose commands core refused; null if a replay finds no problem. */
  diagnose(task: FailedTask): Promise<string | null>;
}

interface StallOptions {
  running?: readonly RunningActivity[];
  /** Real ms that the wait has left. */
  leftMs?: number;
}

/** Part of the longest wait after which work that is repeated without end fails it. */
const ENDLESS_AFTER = 1 / 2;
/** Real time without activity after which time that is held for nothing is released. */
const RELEASE_AFTER_MS = 500;
/** Pause after a search for a stall that has found none, since a search takes several calls to the server. */
const SEARCH_AGAIN_AFTER_MS = 1_000;

/** Finds the reasons why waits would never end. */
export class WaitProblems {
  constructor(private readonly options: WaitProblemsOptions) {}

  /** Starts the observation of one wait. The returned function returns the wait's problem when there is one. */
  observe(awaited: AwaitedCall): () => Promise<TemporalReplayError | null> {
    const { runs, stallTimeoutMs, timeoutMs } = this.options;
    const startedAt = nowMs();
    let searchAtMs = 0;
    return async () => {
      const failed = this.failedTask(awaited);
      if (failed) return this.taskFailure(failed);
      const now = nowMs();
      if (now - startedAt > timeoutMs) return this.overdue(awaited);
      const endless = now - startedAt > timeoutMs * ENDLESS_AFTER && this.endlessWork(awaited, startedAt);
      if (endless) return this.stalled(awaited, endless, { predicate: 'does not end' });
      if (runs.isQuiet(RELEASE_AFTER_MS)) await this.options.releaseTime();
      if (now - runs.lastActiveAtMs < stallTimeoutMs || now < searchAtMs) return null;
      searchAtMs = now + SEARCH_AGAIN_AFTER_MS;
      const stalled = await this.findStall(awaited, { leftMs: timeoutMs - (now - startedAt) });
      return nowMs() - runs.lastActiveAtMs >= stallTimeoutMs ? stalled : null;
    };
  }

  /** Returns the reason of a wait that failed because a run, or a child of it, timed out with nothing pending. */
  async reasonOfTimeout(awaited: AwaitedCall, err: unknown): Promise<TemporalReplayError | null> {
    return this.options.time.canSkip && isTimeout(err) ? this.findStall(awaited, { running: [] }) : null;
  }

  /** Returns the error for a failed workflow task, and marks the failure as reported. */
  async taskFailure(task: FailedTask): Promise<TemporalReplayError> {
    const { runs, cwd, workflowTypes, diagnose } = this.options;
    runs.markReported(task);
    const diagnosis = task.type === 'NondeterminismError' ? await diagnose(task) : null;
    return taskFailureError(task, { cwd, workflowTypes, diagnosis });
  }

  /** Returns the error for the first failed workflow task that was not reported yet; null if there is none. */
  async unreportedTaskFailure(): Promise<TemporalReplayError | null> {
    const failed = this.options.runs.unreportedFailure();
    return failed && this.taskFailure(failed);
  }

  /** Returns the failure that ends a wait: of the awaited workflow or a descendant, or one that is new to a sleep. */
  private failedTask({ workflowId }: AwaitedCall): FailedTask | null {
    const { runs } = this.options;
    if (workflowId === null) return runs.unreportedFailure();
    return runs.failures().find((task) => runs.isWithin(task.workflowId, workflowId)) ?? null;
  }

  private async overdue(awaited: AwaitedCall): Promise<TemporalReplayError> {
    const { client, cwd, runs, timeoutMs } = this.options;
    const busiest = runs.busiestWithin(awaited.workflowId);
    this.giveUp(awaited, busiest?.workflowId ?? awaited.workflowId);
    return overdueError(awaited, { client, cwd, timeoutMs, busiest });
  }

  private endlessWork({ workflowId }: AwaitedCall, waitingSinceMs: number): Stall | null {
    // A long sleep may well contain that much work.
    if (workflowId === null) return null;
    const { runs, activities, operations } = this.options;
    const failed = { failedAttempts: activities.failedAttempts, failedOperations: operations().failed };
    return findEndlessWork(workflowId, { runs, ...failed, nowMs: nowMs(), waitingSinceMs });
  }

  private async findStall(
    awaited: AwaitedCall,
    { running = this.options.activities.running, leftMs = 0 }: StallOptions,
  ): Promise<TemporalReplayError | null> {
    const { client, time, taskQueues, stallTimeoutMs, operations } = this.options;
    const context: StallContext = {
      client,
      running,
      runningOperations: operations().running,
      taskQueues: taskQueues(),
      canSkipTime: time.canSkip,
      nowMs: nowMs(),
      ...{ idleMs: stallTimeoutMs, leftMs },
    };
    const stall =
      awaited.workflowId === null
        ? runningActivityStall(context)
        : await findStall(awaited.workflowId, context).catch(() => null);
    return stall && (await this.stalled(awaited, stall));
  }

  private async stalled(
    awaited: AwaitedCall,
    stall: Stall,
    { predicate }: Pick<StalledErrorOptions, 'predicate'> = {},
  ): Promise<TemporalReplayError> {
    const { client, cwd } = this.options;
    this.giveUp(awaited, stall.workflowId);
    return stalledError(awaited, stall, { client, cwd, ...(predicate !== undefined && { predicate }) });
  }

  private giveUp({ workflowId }: AwaitedCall, stalledId: string | null): void {
    if (stalledId !== null) this.options.runs.giveUp(workflowId, stalledId);
  }
}

const isTimeout = (err: unknown): boolean =>
  err instanceof Error && (err instanceof TimeoutFailure || isTimeout(err.cause));
