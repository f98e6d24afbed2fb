/** Workflows that the tests of the mocks run: each calls what it mocks, and returns what it saw. */
import * as wf from '@temporalio/workflow';
import type * as activities from './activities';

export interface Step {
  /** Options of the activity. */
  options?: wf.ActivityOptions;
  cancelAfter?: `${number} minute`;
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

/** Calls one local activity. */
export async function quotes(options: wf.LocalActivityOptions = {}): Promise<Seen> {
  const local = wf.proxyLocalActivities<typeof activities>({
    ...(options.scheduleToCloseTimeout === undefined && { startToCloseTimeout: '10 seconds' }),
    retry: { maximumAttempts: 2, initialInterval: '1ms' },
    ...options,
  });
  const startedAt = Date.now();
  try {
    return { result: await local.quote('o1'), elapsedMs: Date.now() - startedAt };
  } catch (err) {
    // On replay, core 1.24 gives the bare cause.
    const cause = ((err as Error).cause ?? err) as Error & { timeoutType?: string };
    return {
      failure: `${cause.name}: ${cause.message}: ${cause.timeoutType}`,
      elapsedMs: Date.now() - startedAt,
    };
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

export const pack = wf.defineSignal<[box: string]>('pack');

interface Parcel {
  orderId: string;
}

/** In the bundle, and mocked all the same. */
export async function shipOrder({ orderId }: Parcel): Promise<string> {
  return `really shipped ${orderId}`;
}

/** Waits for a child, and says how it ended. */
export async function shipsByChild(options: Omit<wf.ChildWorkflowOptions, 'typeInfo'> = {}): Promise<Seen> {
  const startedAt = Date.now();
  try {
    const result = await wf.executeChild(shipOrder, { args: [{ orderId: 'o1' }], ...options });
    return { result, elapsedMs: Date.now() - startedAt };
  } catch (err) {
    const found = err instanceof wf.ChildWorkflowFailure ? err.cause! : (err as Error);
    const { type } = found as wf.ApplicationFailure;
    return { failure: `${type ?? found.name}: ${found.message}`, elapsedMs: Date.now() - startedAt };
  }
}

/** A child of another service, on its queue. */
export async function asksOtherService(): Promise<number> {
  return await wf.executeChild<(of: string) => Promise<number>>('customsDuty', {
    taskQueue: 'customs',
    args: ['o1'],
  });
}

/** Signals a child, and cancels it where that is asked for. */
export async function directsChild(cancels: boolean): Promise<string> {
  return await wf.CancellationScope.cancellable(async () => {
    const scope = wf.CancellationScope.current();
    const child = await wf.startChild(shipOrder, { args: [{ orderId: 'o1' }] });
    await child.signal(pack, 'small box');
    if (!cancels) return await child.result();
    scope.cancel();
    return await child.result().catch((err: Error) => (err.cause as Error).name);
  });
}

/** Ends before its child does. */
export async function leavesChild(): Promise<void> {
  await wf.startChild(shipOrder, { args: [{ orderId: 'o9' }], parentClosePolicy: 'ABANDON' });
}

/** Signals and cancels a workflow that it did not start. */
export async function directsExternal(workflowId: string): Promise<string> {
  const external = wf.getExternalWorkflowHandle(workflowId);
  try {
    await external.signal(pack, 'large box');
    await external.cancel();
    return 'done';
  } catch (err) {
    return (err as Error).name;
  }
}
