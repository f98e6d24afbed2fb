import type { ChildProcess } from 'node:child_process';
import { forkReplayProcess } from './replay-process';

/** What a process keeps of each run is little, but it keeps it. */
const MOST_RUNS = 20;

/** Replay processes that have loaded the SDK and wait for what there is to replay; for runs that follow one another. */
export class ReplayProcessReserve {
  private waiting: ChildProcess[] = [];
  private readonly runs = new WeakMap<ChildProcess, number>();

  /** One that waits, or else a new one; it is the caller's from then on. */
  take(): ChildProcess {
    return this.alive().shift() ?? forkReplayProcess();
  }

  /** Takes one back that has ended its run, so that the next one finds V8 warm. */
  give(child: ChildProcess): void {
    const runs = (this.runs.get(child) ?? 0) + 1;
    this.runs.set(child, runs);
    if (runs < MOST_RUNS) this.waiting.unshift(child);
    else child.kill('SIGKILL');
  }

  /** Starts as many as it takes for `count` to wait. */
  fill(count: number): void {
    for (let lacking = count - this.alive().length; lacking > 0; lacking--)
      this.waiting.push(forkReplayProcess());
  }

  close(): void {
    for (const child of this.waiting) child.kill('SIGKILL');
    this.waiting = [];
  }

  private alive(): ChildProcess[] {
    this.waiting = this.waiting.filter(
      ({ exitCode, signalCode, connected }) => exitCode === null && signalCode === null && connected,
    );
    return this.waiting;
  }
}
