import type { ChildProcess } from 'node:child_process';
import { jobsOf } from './parent-channel';
import { forkReplayProcess } from './replay-process';

/** Number of runs after which a process is ended, since it keeps a little memory of each. */
const MAX_RUNS = 20;

/** Replay processes that have loaded the SDK and wait for histories, for runs that follow one another. */
export class ReplayProcessReserve {
  private waiting: ChildProcess[] = [];
  private readonly runs = new WeakMap<ChildProcess, number>();

  /** Returns a waiting process, or else a new one. It belongs to the caller from then on. */
  take(): ChildProcess {
    return this.alive().shift() ?? forkReplayProcess();
  }

  /** Returns a process that has served no run yet. */
  takeNew(): ChildProcess {
    const index = this.alive().findIndex((child) => !this.runs.has(child));
    return this.waiting.splice(index === -1 ? this.waiting.length : index, 1)[0] ?? forkReplayProcess();
  }

  /** Returns true if a process has served an earlier run. */
  hasRun(child: ChildProcess): boolean {
    return this.runs.has(child);
  }

  /** Takes back a process that has ended its run, so that the next run starts with warm code in V8. */
  give(child: ChildProcess): void {
    const runs = (this.runs.get(child) ?? 0) + 1;
    this.runs.set(child, runs);
    if (runs < MAX_RUNS) this.waiting.unshift(child);
    else child.kill('SIGKILL');
  }

  /** Starts processes until `count` of them wait. */
  fill(count: number): void {
    for (let missing = count - this.alive().length; missing > 0; missing--)
      this.waiting.push(forkReplayProcess());
  }

  close(): void {
    for (const child of this.waiting) child.kill('SIGKILL');
    this.waiting = [];
  }

  private alive(): ChildProcess[] {
    this.waiting = this.waiting.filter(
      (child) => child.exitCode === null && child.signalCode === null && jobsOf(child).writable,
    );
    return this.waiting;
  }
}
