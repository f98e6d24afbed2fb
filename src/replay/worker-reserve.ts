import type { ChildProcess } from 'node:child_process';
import { forkWorker } from './worker-host';

/** Replay processes that have loaded the SDK and wait for what there is to replay; for runs that follow one another. */
export class WorkerReserve {
  private waiting: ChildProcess[] = [];

  /** One that waits, or else a new one; it is the caller's from then on. */
  take(): ChildProcess {
    return this.alive().shift() ?? forkWorker();
  }

  /** Starts as many as it takes for `count` to wait. */
  fill(count: number): void {
    for (let lacking = count - this.alive().length; lacking > 0; lacking--) this.waiting.push(forkWorker());
  }

  close(): void {
    for (const child of this.waiting) child.kill('SIGKILL');
    this.waiting = [];
  }

  private alive(): ChildProcess[] {
    this.waiting = this.waiting.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    return this.waiting;
  }
}
