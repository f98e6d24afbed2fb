import { setMaxListeners } from 'node:events';
import type { Connection } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { msToNumber, msToTs, tsToMs } from '@temporalio/common/lib/time';

/** A test's time: skipped by the time-skipping server, real on the full one. */
export interface TestTime {
  readonly canSkip: boolean;
  /** Lets the server skip time while `wait` is under way. */
  skippingWhile<T>(wait: () => Promise<T>): Promise<T>;
  /** `sleeper` is who {@link sleepOf} finds the sleep by. */
  sleep(duration: Duration, sleeper?: object): Promise<void>;
  /** Until the sleep that is under way for it has ended. */
  sleepOf(sleeper: object): Promise<unknown>;
  nowMs(): Promise<number>;
  /**
   * Lets go of time that the server holds up for nothing: the test server (1.40) keeps it locked for a workflow task of a run
   * that has ended, where that task had failed.
   */
  free(): Promise<void>;
  /** Lets go of time that is held up by what has been ended, however often. Nothing may be running. */
  freeAll(): Promise<void>;
  /** Whether nothing of this test holds up the time of the next one. */
  isFree(): Promise<boolean>;
  /** Ends the sleeps that are under way: one that outlives its test would hold up the time of the next. */
  endSleeps(): Promise<void>;
}

const SLEEPS_END_WITHIN_MS = 2_000;
/** Else a server is started anew, which takes about as long. */
const SKIPS_WITHIN_MS = 500;
/** A task that was ended holds up time once. */
const MOST_HOLDS = 10;
const PASSES_WITHIN_MS = 150;
const known = new WeakMap<Connection, TestTime>();

/** The same for each call with a connection. */
export function timeOf(connection: Connection): TestTime {
  const time = known.get(connection) ?? newTimeOf(connection);
  known.set(connection, time);
  return time;
}

function newTimeOf(connection: Connection): TestTime {
  const { testService } = connection;
  if (!testService) return realTime;
  // A call that is under way when its connection closes would throw where nobody catches it.
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const sleeps = new Map<object, Promise<unknown>>();
  const skippingWhile = async <T>(wait: () => Promise<T>): Promise<T> => {
    await testService.unlockTimeSkipping({});
    try {
      return await wait();
    } finally {
      await testService.lockTimeSkipping({});
    }
  };
  const freeOnce = async (time: TestTime): Promise<void> => {
    let passes = false;
    const sleep = time.sleep('1 second').then(
      () => void (passes = true),
      () => undefined,
    );
    for (let holds = 0; holds < MOST_HOLDS; holds++) {
      await Promise.race([sleep, new Promise<void>((done) => setTimeout(done, PASSES_WITHIN_MS))]);
      if (passes) return;
      await testService.unlockTimeSkipping({});
    }
  };
  return {
    canSkip: true,
    skippingWhile,
    async sleep(duration, sleeper = {}) {
      const sleep = connection.withAbortSignal(abort.signal, () =>
        testService.unlockTimeSkippingWithSleep({ duration: msToTs(duration) }),
      );
      sleeps.set(sleeper, sleep);
      await sleep.finally(() => sleeps.delete(sleeper));
    },
    sleepOf: (sleeper) => endOf(sleeps.get(sleeper) ?? Promise.resolve()),
    async free() {
      await testService.unlockTimeSkipping({});
    },
    async freeAll() {
      // A sleep that was under way already ends with the first, and holds up time again.
      for (let times = 0; times < 2; times++) await freeOnce(this);
    },
    async endSleeps() {
      if (sleeps.size === 0) return;
      await skippingWhile(() => endOf(Promise.allSettled(sleeps.values())));
    },
    async isFree() {
      const sleep = connection.withAbortSignal(abort.signal, () =>
        testService.unlockTimeSkippingWithSleep({ duration: msToTs('1 hour') }),
      );
      const skipped = sleep.then(
        () => true,
        () => false,
      );
      const held = new Promise<boolean>((done) => setTimeout(done, SKIPS_WITHIN_MS, false).unref());
      const isFree = await Promise.race([skipped, held]);
      abort.abort();
      return isFree;
    },
    async nowMs() {
      return tsToMs((await testService.getCurrentTime({})).time);
    },
  };
}

/** Not for ever: what holds up the time may be something else. */
function endOf(sleep: Promise<unknown>): Promise<unknown> {
  const late = new Promise<void>((done) => setTimeout(done, SLEEPS_END_WITHIN_MS).unref());
  return Promise.race([sleep.catch(() => undefined), late]);
}

const realTime: TestTime = {
  canSkip: false,
  skippingWhile: (wait) => wait(),
  sleep: (duration) => new Promise((done) => setTimeout(done, msToNumber(duration))),
  nowMs: () => Promise.resolve(Date.now()),
  sleepOf: () => Promise.resolve(),
  free: () => Promise.resolve(),
  freeAll: () => Promise.resolve(),
  isFree: () => Promise.resolve(true),
  endSleeps: () => Promise.resolve(),
};
