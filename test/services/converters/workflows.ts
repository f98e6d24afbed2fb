import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  startChild,
} from '@temporalio/workflow';
import { type Money } from './money';

export interface Activities {
  charge(amount: Money): Promise<Money>;
  fee(amount: Money): Promise<Money>;
}

const { charge } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });
const { fee } = proxyLocalActivities<Activities>({ startToCloseTimeout: '1 minute' });

export const tip = defineSignal<[Money]>('tip');
export const insured = defineSignal<[Money]>('insured');

/** Charges an amount with its fee and a tip, and has a child ship and insure it. */
export async function pay(amount: Money): Promise<Money> {
  let tipped: Money | null = null;
  setHandler(tip, (given) => void (tipped = given));
  await condition(() => tipped !== null);
  const charged = await charge(amount.plus(await fee(amount)).plus(tipped!));
  const shipping = await startChild(ship, { args: [charged], memo: { amount: charged } });
  await shipping.signal(insured, amount);
  return shipping.result();
}

export async function ship(value: Money): Promise<Money> {
  return value;
}
