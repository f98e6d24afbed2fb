import { log, patched, proxyActivities, sleep } from '@temporalio/workflow';
import type * as activities from './activities';
import { discounted } from './prices';

const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export interface Order {
  cents: number;
  isMember?: boolean;
  note?: string;
}

export async function order({ cents, isMember, note }: Order): Promise<string> {
  const due = discounted(cents, isMember ?? false);
  if (due === 0) {
    log.info('nothing to charge');
    return 'free';
  }
  if (patched('wait-a-day')) {
    await sleep('1 day');
  }
  return `${await charge(due)}${note ? ` (${note.trim()})` : ''}`;
}
