import { setMaxListeners } from 'node:events';
import type { Connection } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import type { TestTime } from './time';

const SLEEPS_END_WITHIN_MS = 2_000;
/** Else a server is started anew, which takes about as long. */
const SKIPS_WITHIN_MS = 500;
/** A task that was ended holds up time once. */
const MOST_HOLDS = 10;
const PASSES_WITHIN_MS = 150;
/** A run may set the clock ten years on. Protobuf's timestamps end with the year 9999: a server is left long before. */
const LONGEST_AHEAD_MS = 1_000 * 365 * 24 * 3_600_000;

/**
 * The time of the time-skipping server. It counts who holds up time: the client once, each workflow task, each activity. An
 * unlock takes away any one of them, so a second one of the client's lets time pass over a task that runs
 * (`SelfAdvancingTimerImpl` of the test server, 1.40; `TestWorkflowEnvironment` of the SDK 1.24 unlocks for each wait, and runs
 * that are awaited together lose their tasks). So it is unlocked once for all waits, and `test/testing/time/workflow-time.test.ts`
 * holds it.
 */
export class ServerTime implements TestTime {
  readonly canSkip = true;
  private readonly service: NonNullable<Connection['testService']>;
  /** A call that is under way when its connection closes would throw where nobody catches it. */
  private readonly abort = new AbortController();
  private readonly sleeps = new Map<object, Promise<unknown>>();
  /** Waits, and sleeps beside them. */
  private users = 0;
  private opener: 'nobody' | 'waits' | 'sleep' = 'nobody';
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly connection: Connection) {
    this.service = connection.testService!;
    setMaxListeners(0, this.abort.signal);
  }

  async skippingWhile<T>(wait: () => Promise<T>): Promise<T> {
    await this.inTurn(async () => {
      if (this.opener === 'nobody') await this.open();
      this.users++;
    });
    try {
      return await wait();
    } finally {
      await this.leave();
    }
  }

  async sleep(duration: Duration): Promise<void> {
    const isFirst = await this.inTurn(async () => {
      const opens = this.opener === 'nobody';
      if (opens) this.opener = 'sleep';
      else this.users++;
      return opens;
    });
    if (isFirst) await this.sleepWithin(duration).finally(() => this.closed());
    else await this.kept({}, this.service.sleep({ duration: msToTs(duration) })).finally(() => this.leave());
  }

  async sleepWithin(duration: Duration, holder: object = {}): Promise<void> {
    const sleep = this.connection.withAbortSignal(this.abort.signal, () =>
      this.service.unlockTimeSkippingWithSleep({ duration: msToTs(duration) }),
    );
    await this.kept(holder, sleep);
  }

  sleepOf(holder: object): Promise<unknown> {
    return endOf(this.sleeps.get(holder) ?? Promise.resolve());
  }

  async nowMs(): Promise<number> {
    return tsToMs((await this.service.getCurrentTime({})).time);
  }

  async free(): Promise<void> {
    await this.service.unlockTimeSkipping({});
  }

  async freeAll(): Promise<void> {
    // A sleep that was under way already ends with the first, and holds up time again.
    for (let times = 0; times < 2; times++) await this.freeOnce();
  }

  async isFree(): Promise<boolean> {
    const isFree = this.opener === 'nobody' && (await this.isInOrder());
    this.abort.abort();
    return isFree;
  }

  async endSleeps(): Promise<void> {
    if (this.sleeps.size === 0) return;
    await this.skippingWhile(() => endOf(Promise.allSettled(this.sleeps.values())));
  }

  /** Whether an hour passes, soon, on a clock that is not far ahead. A server that is gone does not answer. */
  private isInOrder(): Promise<boolean> {
    const passes = this.sleepWithin('1 hour').then(
      async () => (await this.nowMs()) - Date.now() < LONGEST_AHEAD_MS,
      () => false,
    );
    const held = new Promise<boolean>((done) => setTimeout(done, SKIPS_WITHIN_MS, false).unref());
    return Promise.race([passes.catch(() => false), held]);
  }

  private async freeOnce(): Promise<void> {
    let passes = false;
    const sleep = this.sleep('1 second').then(
      () => void (passes = true),
      () => undefined,
    );
    for (let holds = 0; holds < MOST_HOLDS; holds++) {
      await Promise.race([sleep, new Promise<void>((done) => setTimeout(done, PASSES_WITHIN_MS))]);
      if (passes) return;
      await this.free();
    }
  }

  private async open(): Promise<void> {
    await this.service.unlockTimeSkipping({});
    this.opener = 'waits';
  }

  /** The server has locked time at the end of the sleep that had opened it. */
  private closed(): Promise<void> {
    return this.inTurn(async () => {
      this.opener = 'nobody';
      if (this.users > 0) await this.open();
    });
  }

  private leave(): Promise<void> {
    return this.inTurn(async () => {
      this.users--;
      if (this.users > 0 || this.opener !== 'waits') return;
      await this.service.lockTimeSkipping({});
      this.opener = 'nobody';
    });
  }

  private async kept(holder: object, sleep: Promise<unknown>): Promise<void> {
    this.sleeps.set(holder, sleep);
    await sleep.finally(() => this.sleeps.delete(holder));
  }

  /** One change after another: the server must have the one before. */
  private inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.turn.then(change);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** Not for ever: what holds up the time may be something else. */
function endOf(sleep: Promise<unknown>): Promise<unknown> {
  const late = new Promise<void>((done) => setTimeout(done, SLEEPS_END_WITHIN_MS).unref());
  return Promise.race([sleep.catch(() => undefined), late]);
}
