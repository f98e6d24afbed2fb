import type { Connection } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import { ServerTime } from './server-time';

/** A test's time: skipped by the time-skipping server, real on the full one. */
export interface TestTime {
  readonly canSkip: boolean;
  /** Lets the server skip time while `wait` is under way. */
  skippingWhile<T>(wait: () => Promise<T>): Promise<T>;
  sleep(duration: Duration): Promise<void>;
  /**
   * Lets time pass within something for which the server holds it up, an activity or a Nexus operation.
   *
   * @param holder who {@link sleepOf} finds the sleep by
   */
  sleepWithin(duration: Duration, holder?: object): Promise<void>;
  /** Until the sleep that is under way within it has ended. */
  sleepOf(holder: object): Promise<unknown>;
  nowMs(): Promise<number>;
  /**
   * Lets go of time that the server holds up for nothing: the test server (1.40) keeps it locked for a workflow task of a run
   * that has ended, where that task had failed.
   */
  free(): Promise<void>;
  /** Lets go of time that is held up by what has been ended, however often. Nothing may be running. */
  freeAll(): Promise<void>;
  /** Whether nothing of this test holds up the time of the next one, or lets it pass. */
  isFree(): Promise<boolean>;
  /** Ends the sleeps that are under way: one that outlives its test would hold up the time of the next. */
  endSleeps(): Promise<void>;
}

const known = new WeakMap<Connection, TestTime>();

/** The same for each call with a connection. */
export function timeOf(connection: Connection): TestTime {
  const time = known.get(connection) ?? (connection.testService ? new ServerTime(connection) : realTime);
  known.set(connection, time);
  return time;
}

const inRealTime = (duration: Duration): Promise<void> =>
  new Promise((done) => setTimeout(done, msToNumber(duration)));

const realTime: TestTime = {
  canSkip: false,
  skippingWhile: (wait) => wait(),
  sleep: inRealTime,
  sleepWithin: inRealTime,
  nowMs: () => Promise.resolve(Date.now()),
  sleepOf: () => Promise.resolve(),
  free: () => Promise.resolve(),
  freeAll: () => Promise.resolve(),
  isFree: () => Promise.resolve(true),
  endSleeps: () => Promise.resolve(),
};
