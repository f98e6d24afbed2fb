import { proxyActivities } from '@temporalio/workflow';

import { booking } from '../isolation/state';

export { booking };

const { note } = proxyActivities<{ note(id: string, step: number): Promise<void> }>({
  startToCloseTimeout: '10s',
});

/** Issues another second command than `booking`. */
export async function changedBooking(id: string): Promise<number> {
  await note(id, 1);
  await note(id, 2);
  return 2;
}

/** Throws where `booking` goes on. */
export async function throwingBooking(id: string): Promise<number> {
  await note(id, 1);
  throw new TypeError('no such booking');
}

/** Leaves a rejection unhandled. */
export async function rejectingBooking(id: string): Promise<number> {
  await note(id, 1);
  void Promise.reject(new TypeError('lost'));
  await note(id, 2);
  return 2;
}

/** Throws on every other replay, by state that it keeps in an object of all contexts. */
export async function fickleBooking(id: string): Promise<number> {
  const host = URL.prototype as unknown as { replays?: number };
  host.replays = (host.replays ?? 0) + 1;
  if (host.replays % 2 === 1) throw new TypeError('an odd replay');
  return booking(id);
}
