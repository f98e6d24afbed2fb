import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { TestTime } from './test-time';

const sleep = (duration: Duration): Promise<void> =>
  new Promise((done) => setTimeout(done, msToNumber(duration)));

/** The time of the full server, which cannot be skipped, and which nothing holds. */
export const realTime: TestTime = {
  canSkip: false,
  skippingWhile: (wait) => wait(),
  sleep,
  sleepWithin: sleep,
  sleepEnded: () => Promise.resolve(),
  nowMs: () => Promise.resolve(Date.now()),
  releaseHold: () => Promise.resolve(),
  releaseAllHolds: () => Promise.resolve(),
  finishSleeps: () => Promise.resolve(),
  close: () => Promise.resolve(true),
};
