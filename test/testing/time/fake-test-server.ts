import type { Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';

interface SleepRequest {
  duration: Parameters<typeof tsToMs>[0];
}
interface Sleep {
  untilMs: number;
  end(): void;
}

/**
 * The time of the Java test server, as far as its gRPC service shows it: a count of locks, one of them the client's at first. Time is
 * skipped to the next sleep's end while the count is zero.
 */
export class FakeTestServer {
  locks: number;
  nowMs = 0;
  /** The calls so far, in order. */
  readonly calls: string[] = [];
  private readonly sleeps = new Set<Sleep>();

  constructor({ holds = 0 }: { holds?: number } = {}) {
    this.locks = 1 + holds;
  }

  readonly connection = {
    testService: {
      unlockTimeSkipping: () => this.answer('unlock', () => this.changeLocks(-1)),
      lockTimeSkipping: () => this.answer('lock', () => this.changeLocks(1)),
      getCurrentTime: () => this.answer('now', () => ({ time: msToTs(this.nowMs) })),
      sleep: ({ duration }: SleepRequest) => this.answer('sleep', () => this.sleepFor(tsToMs(duration))),
      unlockTimeSkippingWithSleep: ({ duration }: SleepRequest) =>
        this.answer('unlockWithSleep', () => {
          const sleep = this.sleepFor(tsToMs(duration), () => this.locks++);
          this.changeLocks(-1);
          return sleep;
        }),
    },
    withAbortSignal: <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> =>
      Promise.race([
        call(),
        new Promise<never>((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')))),
      ]),
  } as unknown as Connection;

  /** Changes the number of locks, as a task that begins or ends does. */
  changeLocks(by: number): void {
    this.locks += by;
    while (this.locks <= 0 && this.sleeps.size > 0) {
      const [next] = [...this.sleeps].sort((a, b) => a.untilMs - b.untilMs);
      this.sleeps.delete(next!);
      this.nowMs = Math.max(this.nowMs, next!.untilMs);
      next!.end();
    }
  }

  private async answer<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    this.calls.push(name);
    return run();
  }

  private sleepFor(ms: number, ended: () => void = () => undefined): Promise<void> {
    return new Promise((done) => {
      this.sleeps.add({
        untilMs: this.nowMs + ms,
        end() {
          ended();
          done();
        },
      });
      this.changeLocks(0);
    });
  }
}
