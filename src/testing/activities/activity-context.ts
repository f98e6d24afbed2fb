import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { MetricUpdate, WorkflowLog } from '../worker/protocol';
import { activityLogger } from './activity-logger';
import { activityMetricMeter } from './activity-metrics';

export interface ActivityContextOptions {
  heartbeat(details: unknown): void;
  log(log: WorkflowLog): void;
  metric(update: MetricUpdate): void;
  /** Client of the test's server; undefined if there is no server. */
  client: Client | undefined;
}

/** An activity context, with the controls of its runner. */
export interface ActivityContext {
  context: Context;
  cancel(reason: string, details: object | null): void;
  /** Returns true if the activity threw this error because it was cancelled. */
  isCancellation(err: unknown): boolean;
}

/** Creates an activity context like a worker's. */
export function createActivityContext(
  info: Info,
  { heartbeat, log, metric, client }: ActivityContextOptions,
): ActivityContext {
  const abort = new AbortController();
  const cancellation: { details?: object } = {};
  const cancelled = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => reject(abort.signal.reason as Error), { once: true });
  });
  cancelled.catch(() => undefined);
  const logger = activityLogger(info, log);
  const { activityType, taskQueue } = info;
  return {
    context: new Context(
      info,
      cancelled,
      abort.signal,
      heartbeat,
      client,
      logger,
      activityMetricMeter({ activityType, taskQueue }, metric),
      cancellation as never,
    ),
    cancel(reason, details) {
      if (details) cancellation.details = details;
      abort.abort(new CancelledFailure(reason));
    },
    isCancellation: (err) =>
      abort.signal.aborted &&
      (err instanceof CancelledFailure || (err as { name?: unknown } | null)?.name === 'AbortError'),
  };
}

/** Returns the context of the activity that calls this function; null if none does, or one of another environment. */
export function contextOfActivity(client: Client): Context | null {
  const context = asyncLocalStorage.getStore();
  if (context === undefined) return null;
  try {
    return context.client === client ? context : null;
  } catch {
    // Reading `client` throws in a context without a server.
    return null;
  }
}
