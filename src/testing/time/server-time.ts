import { setMaxListeners } from 'node:events';
import type { Connection } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import type { TestTime } from './test-time';
import { nowMs, pause, pauseUnref } from './clock';

const SLEEPS_END_WITHIN_MS = 2_000;
/** Limit for a server to show that its time passes. Starting a new server instead takes about as long. */
const SKIPS_WITHIN_MS = 500;
/** Limit on the holds that are released at a time. A workflow task whose run was terminated leaves one. */
const MOST_HOLDS = 10;
const PASSES_WITHIN_MS = 150;
/**
 * Limit on how far the server's clock may be ahead of real time before the server is replaced. One run may advance the clock by
 * ten years, and protobuf timestamps end with the year 9999.
 */
const LONGEST_AHEAD_MS = 1_000 * 365 * 24 * 3_600_000;

/**
 * The time of the time-skipping server. That server counts locks on its time: one of the client, one of each workflow task and
 * activity. An unlock removes any of them, so a second unlock by the client lets time pass over a running task
 * (`SelfAdvancingTimerImpl` of the test server, 1.40). The SDK's `TestWorkflowEnvironment` (1.24) unlocks for each wait, and so
 * makes tasks of runs that are awaited together time out. This class unlocks once for all waits.
 * `test/testing/time/workflow-time.test.ts` holds it.
 */
export class ServerTime implements TestTime {
  readonly canSkip = true;
  private readonly service: NonNullable<Connection['testService']>;
  /** Aborts pending calls before the connection closes, which would otherwise reject them unhandled. */
  private readonly abort = new AbortController();
  private readonly sleeps = new Map<object, Promise<unknown>>();
  /** Number of pending waits, and of sleeps that are pending besides. */
  private users = 0;
  /** The call that has unlocked time: `unlockTimeSkipping` for all waits, or the sleep that was first. */
  private unlockedBy: 'none' | 'waits' | 'sleep' = 'none';
  private lastChange: Promise<unknown> = Promise.resolve();

  constructor(private readonly connection: Connection) {
    this.service = connection.testService!;
    setMaxListeners(0, this.abort.signal);
  }

  async skippingWhile<T>(wait: () => Promise<T>): Promise<T> {
    await this.inOrder(async () => {
      if (this.unlockedBy === 'none') await this.unlock();
      this.users++;
    });
    try {
      return await wait();
    } finally {
      await this.leave();
    }
  }

  async sleep(duration: Duration): Promise<void> {
    const isFirst = await this.inOrder(async () => {
      const unlocks = this.unlockedBy === 'none';
      if (unlocks) this.unlockedBy = 'sleep';
      else this.users++;
      return unlocks;
    });
    if (isFirst) await this.sleepWithin(duration).finally(() => this.firstSleepEnded());
    else await this.track({}, this.service.sleep({ duration: msToTs(duration) })).finally(() => this.leave());
  }

  async sleepWithin(duration: Duration, holder: object = {}): Promise<void> {
    const sleep = this.connection.withAbortSignal(this.abort.signal, () =>
      this.service.unlockTimeSkippingWithSleep({ duration: msToTs(duration) }),
    );
    await this.track(holder, sleep);
  }

  sleepEnded(holder: object): Promise<unknown> {
    return endOf(this.sleeps.get(holder) ?? Promise.resolve());
  }

  async nowMs(): Promise<number> {
    return tsToMs((await this.service.getCurrentTime({})).time);
  }

  async releaseHold(): Promise<void> {
    await this.service.unlockTimeSkipping({});
  }

  async releaseAllHolds(): Promise<void> {
    // A sleep that was pending already ends during the first round, and then locks time again.
    for (let round = 0; round < 2; round++) await this.releaseUntilTimePasses();
  }

  async finishSleeps(): Promise<void> {
    if (this.sleeps.size === 0) return;
    await this.skippingWhile(() => endOf(Promise.allSettled(this.sleeps.values())));
  }

  async close(): Promise<boolean> {
    const isUsable = this.unlockedBy === 'none' && (await this.isUsable());
    this.abort.abort();
    return isUsable;
  }

  /** Returns true if an hour can be skipped within {@link SKIPS_WITHIN_MS}, on a clock that is not too far ahead. */
  private isUsable(): Promise<boolean> {
    const passes = this.sleepWithin('1 hour').then(
      async () => (await this.nowMs()) - nowMs() < LONGEST_AHEAD_MS,
      () => false,
    );
    // A server that has exited does not answer.
    const isLate = pauseUnref(SKIPS_WITHIN_MS).then(() => false);
    return Promise.race([passes.catch(() => false), isLate]);
  }

  private async releaseUntilTimePasses(): Promise<void> {
    let passes = false;
    const sleep = this.sleep('1 second').then(
      () => void (passes = true),
      () => undefined,
    );
    for (let holds = 0; holds < MOST_HOLDS; holds++) {
      // The answer to the second call comes after that of a sleep that has ended, even if the test worker is busy.
      await Promise.race([sleep, pause(PASSES_WITHIN_MS).then(() => this.nowMs())]);
      if (passes) return;
      await this.releaseHold();
    }
  }

  private async unlock(): Promise<void> {
    await this.service.unlockTimeSkipping({});
    this.unlockedBy = 'waits';
  }

  /** Records that the server has locked time at the end of the first sleep, and unlocks it for those who still wait. */
  private firstSleepEnded(): Promise<void> {
    return this.inOrder(async () => {
      this.unlockedBy = 'none';
      if (this.users > 0) await this.unlock();
    });
  }

  private leave(): Promise<void> {
    return this.inOrder(async () => {
      this.users--;
      if (this.users > 0 || this.unlockedBy !== 'waits') return;
      await this.service.lockTimeSkipping({});
      this.unlockedBy = 'none';
    });
  }

  private async track(holder: object, sleep: Promise<unknown>): Promise<void> {
    this.sleeps.set(holder, sleep);
    await sleep.finally(() => this.sleeps.delete(holder));
  }

  /** Runs one change of the lock after another, so that the server has applied the previous one. */
  private inOrder<T>(change: () => Promise<T>): Promise<T> {
    const done = this.lastChange.then(change);
    this.lastChange = done.catch(() => undefined);
    return done;
  }
}

/** Resolves at the end of a sleep, or after {@link SLEEPS_END_WITHIN_MS} if other work holds the time. */
function endOf(sleep: Promise<unknown>): Promise<unknown> {
  const late = pauseUnref(SLEEPS_END_WITHIN_MS);
  return Promise.race([sleep.catch(() => undefined), late]);
}
