import { resolve } from 'node:path';
import { asyncLocalStorage, CompleteAsyncError, type Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, ensureApplicationFailure, type LoadedDataConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { ActivityOutcome, ActivityTask, MetricUpdate, WorkflowLog } from '../worker/protocol';
import { createActivityContext } from './activity-context';
import { activityFunction, activityNames } from './activity-functions';
import { AttemptTimedOut } from '../time/activity-time';
import { ACTIVITY_NOT_MOCKED, activityNotMocked } from '../mocks/activity-not-mocked';
import type { AnyFunction } from '../mocks/mock-function';
import type { RequestedOptions } from '../mocks/requested-options';
import { fetchBlockedLocations } from '../text/fetch-blocked-locations';
import { nowMs } from '../time/clock';

const { Payload } = temporal.api.common.v1;
const { Failure } = temporal.api.failure.v1;

export interface ActivityRunnerOptions {
  /** Returns the test's activities. Called for each task, so that a test can change its mocks. */
  activities: () => object;
  /** Activities of the library itself, hidden from the test. */
  internal: Readonly<Record<string, AnyFunction>>;
  requested: RequestedOptions;
  converter: LoadedDataConverter;
  client: Client;
  /** Directory to which locations in messages are relative. */
  cwd: string;
  log(log: WorkflowLog): void;
  metric(update: MetricUpdate): void;
  heartbeat(task: number, details: Uint8Array | null): void;
}

/** An activity task that is running. */
export interface RunningActivity {
  info: Info;
  startedAtMs: number;
}

/** The failed last attempt of an activity. */
export interface FailedAttempt {
  info: Info;
  message: string;
  failedAtMs: number;
}

interface Cancellable extends RunningActivity {
  isAbandoned: boolean;
  abandon(): void;
  cancel(reason: string, details: object | null): void;
}

/** Runs activity tasks in the test file's process, each in a context like a worker's. */
export class ActivityRunner {
  private readonly tasks = new Map<number, Cancellable>();
  private readonly failed = new Set<string>();
  private readonly failures = new Map<string, FailedAttempt>();

  constructor(private readonly options: ActivityRunnerOptions) {}

  get running(): RunningActivity[] {
    return [...this.tasks.values()].filter(({ isAbandoned }) => !isAbandoned);
  }

  cancel({ task, reason, details }: { task: number; reason: string; details: object | null }): void {
    this.tasks.get(task)?.cancel(reason, details);
  }

  async run(task: ActivityTask): Promise<ActivityOutcome> {
    const { converter } = this.options;
    const info = { ...task.info, heartbeatDetails: this.decoded(task.heartbeatDetails) } as Info;
    this.options.requested.attachTo(info);
    const { context, cancel, isCancellation } = createActivityContext(info, {
      heartbeat: (details) =>
        this.options.heartbeat(task.task, details === undefined ? null : this.encoded(details)),
      log: (log) => this.options.log(log),
      metric: (update) => this.options.metric(update),
      client: this.options.client,
    });
    const attempts = attemptsKey(info.workflowExecution?.runId ?? '', info.activityId);
    this.failed.delete(attempts);
    const running: Cancellable = {
      info,
      startedAtMs: nowMs(),
      isAbandoned: false,
      abandon: () => (running.isAbandoned = true),
      cancel,
    };
    this.tasks.set(task.task, running);
    try {
      const args = task.args.map((arg) => this.decoded(arg));
      const result: unknown = await asyncLocalStorage.run(context, () => this.call(info, args));
      const encoded = this.encodedResult(info, result);
      this.failures.delete(attempts);
      return { kind: 'completed', result: encoded };
    } catch (err) {
      if (err instanceof CompleteAsyncError) return { kind: 'async' };
      if (isCancellation(err))
        return { kind: 'cancelled', message: (context.cancellationSignal.reason as Error).message };
      const thrown = err instanceof AttemptTimedOut ? err : ensureApplicationFailure(err);
      if (thrown instanceof ApplicationFailure && thrown.type === ACTIVITY_NOT_MOCKED)
        showPlaceOfCall(thrown, await this.placeOfCall(info), this.options.cwd);
      const failure = converter.failureConverter.errorToFailure(thrown, converter.payloadConverter);
      if (!running.isAbandoned) {
        this.failures.set(attempts, { info, message: thrown.message, failedAtMs: nowMs() });
        if (!this.hasNewerAttempt(info)) this.failed.add(attempts);
      }
      return { kind: 'failed', failure: Failure.encode(failure).finish() };
    } finally {
      this.tasks.delete(task.task);
    }
  }

  /** Failed last attempts, one for each activity. They do not say whether the activity is retried. */
  get failedAttempts(): FailedAttempt[] {
    return [...this.failures.values()];
  }

  /** Returns true if the last attempt of an activity failed, and no other has begun. */
  isBetweenAttempts(runId: string, activityId: string): boolean {
    return this.failed.has(attemptsKey(runId, activityId));
  }

  /** Returns the `info` of the running attempt of an activity; null if none is running. */
  infoOf(runId: string, activityId: string): Info | null {
    return this.taskOf(runId, activityId)?.info ?? null;
  }

  /** Marks activities whose workflow has ended: nothing waits for them. */
  abandon(runId: string, activityIds: readonly string[]): void {
    for (const id of activityIds) this.taskOf(runId, id)?.abandon();
  }

  /** A hanging attempt may see its timeout after the next attempt has begun. */
  private hasNewerAttempt({ workflowExecution, activityId, attempt }: Info): boolean {
    return [...this.tasks.values()].some(
      ({ info }) =>
        info.workflowExecution?.runId === workflowExecution?.runId &&
        info.activityId === activityId &&
        info.attempt > attempt,
    );
  }

  private taskOf(runId: string, activityId: string): Cancellable | undefined {
    return [...this.tasks.values()].find(
      ({ info }) => info.workflowExecution?.runId === runId && info.activityId === activityId,
    );
  }

  /** Cancels all running activities, as the shutdown of a worker does. */
  cancelAll(): void {
    for (const task of this.tasks.values()) task.cancel('WORKER_SHUTDOWN', null);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  private async call(info: Info, args: any[]): Promise<unknown> {
    const activities = this.options.activities();
    const internal = this.options.internal[info.activityType];
    if (internal) return internal(...args);
    const run = activityFunction(activities, info.activityType) ?? activityFunction(activities, 'default');
    if (run === null) throw activityNotMocked(info.activityType, args, activityNames(activities));
    return run(...args);
  }

  /** Returns the location of the call in workflow code. A local activity has none: during a workflow task, queries are not answered. */
  private async placeOfCall({ workflowExecution, activityType, isLocal }: Info): Promise<string | null> {
    if (isLocal || !workflowExecution) return null;
    const { client, cwd } = this.options;
    const places = await fetchBlockedLocations(client, workflowExecution.workflowId, cwd);
    const place = places.find((text) => text.includes(`${activityType}(`)) ?? places[0];
    return place ?? null;
  }

  private decoded(bytes: Uint8Array | null): unknown {
    if (bytes === null) return undefined;
    return this.options.converter.payloadConverter.fromPayload(Payload.decode(bytes));
  }

  private encodedResult({ activityType }: Info, result: unknown): Uint8Array {
    try {
      return this.encoded(result);
    } catch (err) {
      const message = err instanceof Error ? err.message : String(err);
      throw new TypeError(`The result of the activity ${activityType} cannot be serialized: ${message}`, {
        cause: err,
      });
    }
  }

  private encoded(value: unknown): Uint8Array {
    const payload = this.options.converter.payloadConverter.toPayload(value);
    if (payload === undefined)
      throw new TypeError(`No converter takes a value of type ${typeof value}: ${String(value)}`);
    return Payload.encode(payload).finish();
  }
}

/** Gives an error the location of the call in workflow code, in its message and as its only stack frame. */
function showPlaceOfCall(err: Error, place: string | null, cwd: string): void {
  if (place !== null) err.message += `\n  at ${place}`;
  const location = /^.*?:\d+:\d+/.exec(place ?? '')?.[0];
  // The frames of this library would say nothing.
  err.stack = `${err.name}: ${err.message}${location ? `\n    at ${resolve(cwd, location)}` : ''}`;
}

const attemptsKey = (runId: string, activityId: string): string => `${runId} ${activityId}`;
