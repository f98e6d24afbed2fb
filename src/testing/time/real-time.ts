import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import type { TestTime } from './test-time';
import { nowMs, pause } from './clock';

const sleep = (duration: Duration): Promise<void> => pause(msToNumber(duration));

/** A time that cannot be skipped, and that nothing holds. */
export const realTime: TestTime = {
  canSkip: false,
  skippingWhile: (wait) => wait(),
  sleep,
  sleepWithin: sleep,
  sleepEnded: () => Promise.resolve(),
  nowMs: () => Promise.resolve(nowMs()),
  releaseHold: () => Promise.resolve(),
  releaseAllHolds: () => Promise.resolve(),
  finishSleeps: () => Promise.resolve(),
  close: () => Promise.resolve(true),
};
