/** Workflows that the tests of the mocks run: each calls what it mocks, and returns what it saw. */
import type { Duration } from '@temporalio/common';
import * as wf from '@temporalio/workflow';
import type * as activities from './activities';

export interface Step {
  /** Options of the activity. */
  options?: wf.ActivityOptions;
  cancelAfter?: Duration;
}

export interface Seen {
  result?: unknown;
  /** Class of what the activity failed with, and its message. */
  failure?: string;
  elapsedMs: number;
}

const { ship } = wf.proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });
const { quote } = wf.proxyLocalActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3, initialInterval: '1ms' },
});

/** Calls one activity, and cancels it where that is asked for. */
export async function charge({ options, cancelAfter }: Step = {}): Promise<Seen> {
  const { chargeCard } = wf.proxyActivities<typeof activities>({
    startToCloseTimeout: '10 minutes',
    retry: { initialInterval: '1 second', backoffCoefficient: 1, maximumAttempts: 3 },
    ...options,
  });
  const startedAt = Date.now();
  const scope = new wf.CancellationScope();
  const charging = scope.run(() => chargeCard('o1', 100));
  charging.catch(() => undefined);
  if (cancelAfter !== undefined) {
    await wf.sleep(cancelAfter);
    scope.cancel();
  }
  try {
    return { result: await charging, elapsedMs: Date.now() - startedAt };
  } catch (err) {
    const cause = (err as Error).cause as Error;
    return { failure: `${cause.name}: ${cause.message}`, elapsedMs: Date.now() - startedAt };
  }
}

/** A local activity between two others. */
export async function order(orderId: string): Promise<string> {
  const { chargeCard } = wf.proxyActivities<typeof activities>({
    startToCloseTimeout: '5 seconds',
    heartbeatTimeout: '2 seconds',
    scheduleToCloseTimeout: '1 hour',
    retry: { initialInterval: '1 second', maximumAttempts: 4, nonRetryableErrorTypes: ['CardExpired'] },
  });
  const { chargeId } = await chargeCard(orderId, 250);
  const days = await quote(orderId);
  return `${chargeId}, ${await ship(orderId)} in ${days} days`;
}

/** Goes on without an activity that takes too long. */
export async function givesUpOnCharge(): Promise<string> {
  const { chargeCard } = wf.proxyActivities<typeof activities>({ startToCloseTimeout: '1 day' });
  return await Promise.race([
    chargeCard('o1', 1).then(({ chargeId }) => chargeId),
    wf.sleep('1 minute').then(() => 'gave up'),
  ]);
}
