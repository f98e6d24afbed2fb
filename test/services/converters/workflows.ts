import {
  condition,
  defineSignal,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { type Money } from './money';

export interface Activities {
  charge(amount: Money): Promise<Money>;
  fee(amount: Money): Promise<Money>;
}

const { charge } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });
const { fee } = proxyLocalActivities<Activities>({ startToCloseTimeout: '1 minute' });

export const tip = defineSignal<[Money]>('tip');

/** Charges an amount with its fee and a tip, and has a child ship it. */
export async function pay(amount: Money): Promise<Money> {
  let tipped: Money | null = null;
  setHandler(tip, (given) => void (tipped = given));
  await condition(() => tipped !== null);
  const charged = await charge(amount.plus(await fee(amount)).plus(tipped!));
  return executeChild(ship, { args: [charged] });
}

export async function ship(value: Money): Promise<Money> {
  return value;
}
