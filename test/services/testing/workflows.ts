/** Workflows that tests of the testing utilities run: one for each way in which a workflow goes on, or does not. */
import * as wf from '@temporalio/workflow';

interface Activities {
  charge(orderId: string, cents: number): Promise<{ chargeId: string }>;
  ship(orderId: string): Promise<string>;
  notRegistered(value: number): Promise<void>;
}

const { charge, ship, notRegistered } = wf.proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second' },
});
const { quote } = wf.proxyLocalActivities<{ quote(orderId: string): Promise<number> }>({
  startToCloseTimeout: '10 seconds',
});

export const approve = wf.defineSignal<[by: string]>('approve');
export const state = wf.defineQuery<string>('state');
export const rename = wf.defineUpdate<string, [name: string]>('rename');

/** An activity, a timer of a month, a local activity. */
export async function order(input: { orderId: string; cents: number }): Promise<string> {
  const { chargeId } = await charge(input.orderId, input.cents);
  await wf.sleep('30 days');
  const days = await quote(input.orderId);
  wf.log.info('shipping', { days });
  wf.metricMeter.createHistogram('shipping_days').record(days);
  console.log('shipped', days);
  await ship(input.orderId);
  return `${chargeId} in ${days} days`;
}

/** Waits for a person. */
export async function approval(): Promise<string> {
  let by = '';
  let name = 'unnamed';
  wf.setHandler(approve, (value) => void (by = value));
  wf.setHandler(state, () => (by === '' ? 'waiting' : `approved by ${by}`));
  wf.setHandler(rename, (value) => (name = value));
  await wf.condition(() => by !== '');
  return `${name} by ${by}`;
}

export const day = wf.defineQuery<number>('day');

/** A timer a day. */
export async function countsDays(days: number): Promise<void> {
  let passed = 0;
  wf.setHandler(day, () => passed);
  for (; passed < days; passed++) await wf.sleep('1 day');
}

export async function throwsTypeError(): Promise<void> {
  await wf.sleep(1);
  const nothing = undefined as unknown as { field: string };
  wf.log.info(nothing.field);
}

export async function callsUnknownActivity(): Promise<void> {
  await notRegistered(42);
}

/** Two timers and an activity in turn. */
export async function endlessLoop(): Promise<void> {
  for (;;) {
    await ship('o1');
    await wf.sleep('1 minute');
    await wf.sleep('1 minute');
  }
}

export async function spins(afterMs: number): Promise<void> {
  if (afterMs > 0) await wf.sleep(afterMs);
  countDown(3);
}

function countDown(from: number): void {
  let left = from;
  while (left > 0) left += 1;
}

/** Calls an activity only when it runs for the first time. */
export async function replayAware(): Promise<void> {
  await wf.sleep('1 minute');
  if (!wf.workflowInfo().unsafe.isReplaying) await ship('o1');
  await wf.sleep('1 minute');
}

/** Runs to its end live. */
export async function spinsOnReplay(): Promise<void> {
  await wf.sleep('1 minute');
  while (wf.workflowInfo().unsafe.isReplaying);
}

/** Its child is on a queue of another service. */
export async function parent(): Promise<string> {
  return await wf.executeChild<(input: string) => Promise<string>>('shipping', {
    args: ['parcel'],
    taskQueue: 'another-service',
  });
}

/** Its child is in the same bundle. */
export async function parentOfApproval(): Promise<string> {
  return await wf.executeChild(approval);
}

/** Does something else each time its code starts from the beginning: `URL` is shared by all sandboxes. */
export async function notDeterministic(): Promise<void> {
  const shared = URL as unknown as { runs?: number };
  const isFirst = shared.runs === undefined;
  shared.runs = 1;
  if (isFirst) await charge('o', 1);
  else await wf.sleep('1 minute');
  await ship('o');
}
