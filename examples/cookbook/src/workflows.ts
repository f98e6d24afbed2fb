import * as wf from '@temporalio/workflow';
import type { Activities } from './activities';

const { charge, refund, reserve, release, ship, remind } = wf.proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { nonRetryableErrorTypes: ['CardDeclined'] },
});
const { importRows } = wf.proxyActivities<Activities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 2 },
});

// #region order
export async function order(orderId: string): Promise<string> {
  const chargeId = await charge(orderId);
  return `${chargeId} ${await ship(orderId)}`;
}
// #endregion

// #region booking
export async function booking(skus: string[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const sku of skus) {
      await reserve(sku);
      undo.unshift(() => release(sku));
    }
    await charge('booking');
  } catch (err) {
    await wf.CancellationScope.nonCancellable(async () => {
      for (const step of undo) await step();
    });
    throw err;
  }
}
// #endregion

// #region trial
export async function trial(userId: string): Promise<string> {
  await wf.sleep('90 days');
  await remind(userId, 90);
  return 'asked to stay';
}
// #endregion

// #region approval
export const approve = wf.defineSignal<[by: string]>('approve');
export const status = wf.defineQuery<string>('status');

export async function expense(cents: number): Promise<string> {
  let approvedBy: string | undefined;
  wf.setHandler(approve, (by) => void (approvedBy = by));
  wf.setHandler(status, () => (approvedBy ? 'approved' : 'waiting'));
  const inTime = await wf.condition(() => approvedBy !== undefined, '3 days');
  return inTime ? `${cents} approved by ${approvedBy}` : 'expired';
}
// #endregion

// #region cart
export const add = wf.defineSignal<[item: string]>('add');
export const checkOut = wf.defineUpdate<number>('checkOut');

export async function cart(): Promise<string[]> {
  const items: string[] = [];
  let isDone = false;
  wf.setHandler(add, (item) => void items.push(item));
  wf.setHandler(
    checkOut,
    () => {
      isDone = true;
      return items.length;
    },
    {
      validator: () => {
        if (items.length === 0) throw new Error('The cart is empty');
      },
    },
  );
  await wf.condition(() => isDone);
  return items;
}
// #endregion

// #region children
export async function fulfil(orderIds: string[]): Promise<string[]> {
  return Promise.all(orderIds.map((id) => wf.executeChild(order, { args: [id], workflowId: `child-${id}` })));
}
// #endregion

// #region counter
export const increment = wf.defineSignal('increment');

export async function counter(total = 0): Promise<number> {
  let received = 0;
  wf.setHandler(increment, () => void received++);
  await wf.condition(() => received >= 2, '1 day');
  if (received < 2) return total + received;
  return wf.continueAsNew<typeof counter>(total + received);
}
// #endregion

// #region cancellation
export async function reminders(userId: string): Promise<void> {
  try {
    for (let day = 1; ; day++) {
      await wf.sleep('1 day');
      await remind(userId, day);
    }
  } catch (err) {
    if (wf.isCancellation(err)) await wf.CancellationScope.nonCancellable(() => refund(userId));
    throw err;
  }
}
// #endregion

// #region import
export async function importFile(file: string): Promise<number> {
  return importRows(file);
}
// #endregion

// #region versioning
export async function renewal(orderId: string): Promise<void> {
  if (wf.patched('reserve-before-charge')) await reserve('seat');
  await charge(orderId);
}
// #endregion

// #region errors
export async function checked(orderId: string): Promise<string> {
  try {
    return await charge(orderId);
  } catch (err) {
    const cause = err instanceof wf.ActivityFailure ? err.cause : undefined;
    if (cause instanceof wf.ApplicationFailure && cause.type === 'CardDeclined') return 'declined';
    throw wf.ApplicationFailure.nonRetryable('The bank does not answer', 'BankDown');
  }
}
// #endregion
