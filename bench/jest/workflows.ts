/** The workflows that the suites of `npm run bench:jest` test. */
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';

interface Activities {
  charge(orderId: string): Promise<string>;
  ship(orderId: string): Promise<string>;
}

const { charge, ship } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });

export const approve = defineSignal('approve');

export async function order(orderId: string): Promise<string> {
  const chargeId = await charge(orderId);
  await sleep('7 days');
  await ship(orderId);
  return chargeId;
}

export async function reminders(days: number): Promise<number> {
  for (let day = 0; day < days; day++) await sleep('1 day');
  return days;
}

export async function approval(): Promise<string> {
  let approved = false;
  setHandler(approve, () => void (approved = true));
  const inTime = await condition(() => approved, '30 days');
  return inTime ? 'approved' : 'expired';
}
