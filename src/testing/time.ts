import type { Connection } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { msToNumber, msToTs, tsToMs } from '@temporalio/common/lib/time';

/** A test's time: skipped by the time-skipping server, real on the full one. */
export interface TestTime {
  readonly canSkip: boolean;
  /** Lets the server skip time while `wait` is under way. */
  skippingWhile<T>(wait: () => Promise<T>): Promise<T>;
  sleep(duration: Duration): Promise<void>;
  nowMs(): Promise<number>;
}

export function timeOf(connection: Connection): TestTime {
  const { testService } = connection;
  if (!testService) return realTime;
  return {
    canSkip: true,
    async skippingWhile(wait) {
      await testService.unlockTimeSkipping({});
      try {
        return await wait();
      } finally {
        await testService.lockTimeSkipping({});
      }
    },
    async sleep(duration) {
      await testService.unlockTimeSkippingWithSleep({ duration: msToTs(duration) });
    },
    async nowMs() {
      return tsToMs((await testService.getCurrentTime({})).time);
    },
  };
}

const realTime: TestTime = {
  canSkip: false,
  skippingWhile: (wait) => wait(),
  sleep: (duration) => new Promise((done) => setTimeout(done, msToNumber(duration))),
  nowMs: () => Promise.resolve(Date.now()),
};
