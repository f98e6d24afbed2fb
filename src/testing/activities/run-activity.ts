import { asyncLocalStorage, type Info } from '@temporalio/activity';
import { ActivityCancellationDetails, type Duration, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { MetricUpdate, WorkflowLog } from '../worker/protocol';
import { createActivityContext } from './activity-context';
import type { AnyFunction } from '../mocks/mock-function';
import { after, stopTimer } from '../time/clock';

export interface RunActivityOptions {
  /** Details of the last heartbeat of the previous attempt. */
  heartbeatDetails?: unknown;
  /** Number of the attempt. @default 1 */
  attempt?: number;
  /** Real time after which the activity is cancelled; with 0 it is cancelled before it begins. */
  cancelAfter?: Duration;
  /** Longest real time that the activity may take. @default no limit */
  startToCloseTimeout?: Duration;
  /** Longest real time without a heartbeat. @default no limit */
  heartbeatTimeout?: Duration;
  /** Fields of the context's `info` to override. */
  info?: Partial<Info>;
}

/** A running activity: the promise of its result, with what it records. The records stay readable if the activity fails. */
export interface ActivityRun<R> extends Promise<R> {
  /** Details of each heartbeat so far, in order. */
  readonly heartbeats: readonly unknown[];
  /** Logs so far of the context's logger. */
  readonly logs: readonly WorkflowLog[];
  /** Updates so far of the context's metric meter. */
  readonly metrics: readonly MetricUpdate[];
}

/** The only argument, or the list of all arguments. If the only argument is an array, it must be wrapped in a list. */
export type ActivityInput<F extends AnyFunction> =
  | Parameters<F>
  | (Parameters<F> extends [(infer Input)?] ? (Input extends readonly unknown[] ? never : Input) : never);

/**
 * Runs one activity without a server, in an activity context like a worker's.
 *
 *     const run = runActivity(importPages, { from: 1 }, { heartbeatDetails: 7, cancelAfter: '50ms' });
 *     await expect(run).rejects.toThrow(CancelledFailure);
 *     expect(run.heartbeats).toEqual([8, 9]);
 *
 * @throws the activity's error; TimeoutFailure if it exceeds `startToCloseTimeout` or `heartbeatTimeout`
 */
export function runActivity<F extends AnyFunction>(
  activity: F,
  input: ActivityInput<F>,
  options: RunActivityOptions = {},
): ActivityRun<Awaited<ReturnType<F>>> {
  const heartbeats: unknown[] = [];
  const logs: WorkflowLog[] = [];
  const metrics: MetricUpdate[] = [];
  const args = (Array.isArray(input) ? input : [input]) as Parameters<F>;
  const limits = new Limits(activity.name, options);
  const { context, cancel } = createActivityContext(infoOf(activity, options), {
    heartbeat(details) {
      heartbeats.push(details);
      limits.heartbeat(details);
    },
    log: (log) => void logs.push(log),
    metric: (update) => void metrics.push(update),
    client: undefined,
  });
  limits.onEnd = () => cancel('TIMED_OUT', new ActivityCancellationDetails({ timedOut: true }));
  const cancelNow = () => cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
  const cancelAfterMs = options.cancelAfter === undefined ? null : msToNumber(options.cancelAfter);
  if (cancelAfterMs === 0) cancelNow();
  const timer = cancelAfterMs ? after(cancelAfterMs, cancelNow) : undefined;

  const running = asyncLocalStorage.run(
    context,
    async () => (await activity(...args)) as Awaited<ReturnType<F>>,
  );
  const run = Promise.race([running, limits.exceeded]).finally(() => {
    stopTimer(timer);
    limits.stop();
  });
  return Object.assign(run, { heartbeats, logs, metrics });
}

/** The real-time limits of one activity. */
class Limits {
  readonly exceeded: Promise<never>;
  onEnd: () => void = () => undefined;
  private fail: (err: TimeoutFailure) => void = () => undefined;
  private total: NodeJS.Timeout | undefined;
  private untilHeartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly name: string,
    private readonly options: RunActivityOptions,
  ) {
    this.exceeded = new Promise((_, reject) => (this.fail = reject));
    this.exceeded.catch(() => undefined);
    const { startToCloseTimeout: limit } = options;
    if (limit !== undefined)
      this.total = after(msToNumber(limit), () =>
        this.end(`did not end within ${limit}`, TimeoutType.START_TO_CLOSE),
      );
    this.heartbeat(options.heartbeatDetails);
  }

  heartbeat(details: unknown): void {
    const { heartbeatTimeout: limit } = this.options;
    if (limit === undefined) return;
    stopTimer(this.untilHeartbeat);
    this.untilHeartbeat = after(msToNumber(limit), () =>
      this.end(`sent no heartbeat for ${limit}`, TimeoutType.HEARTBEAT, details),
    );
  }

  stop(): void {
    stopTimer(this.total);
    stopTimer(this.untilHeartbeat);
  }

  private end(what: string, type: TimeoutType, lastHeartbeat?: unknown): void {
    const unit = /\d$/.test(what) ? ' ms' : '';
    this.fail(new TimeoutFailure(`The activity ${this.name} ${what}${unit}.`, lastHeartbeat, type));
    this.stop();
    this.onEnd();
  }
}

function infoOf(activity: AnyFunction, options: RunActivityOptions): Info {
  // eslint-disable-next-line no-restricted-properties -- activities compare it with the test's own clock
  const now = Date.now();
  const { startToCloseTimeout, heartbeatTimeout, heartbeatDetails, attempt = 1, info } = options;
  return {
    taskToken: new Uint8Array(),
    base64TaskToken: '',
    activityId: '1',
    activityType: activity.name || 'activity',
    ...{ attempt, heartbeatDetails, isLocal: false, inWorkflow: true, taskQueue: 'test' },
    ...{ namespace: 'default', activityNamespace: 'default', workflowNamespace: 'default' },
    workflowExecution: { workflowId: 'test', runId: 'test' },
    workflowType: 'test',
    scheduledTimestampMs: now,
    currentAttemptScheduledTimestampMs: now,
    scheduleToCloseTimeoutMs: 0,
    startToCloseTimeoutMs: startToCloseTimeout === undefined ? 0 : msToNumber(startToCloseTimeout),
    ...(heartbeatTimeout !== undefined && { heartbeatTimeoutMs: msToNumber(heartbeatTimeout) }),
    ...info,
  };
}
