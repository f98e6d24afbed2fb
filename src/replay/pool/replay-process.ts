import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { INSPECTOR_PORT, type RawFrame, stackOfBusyProcess } from './busy-stack';
import type { Setup } from '../setup';
import type { FromChild, Job, ToChild } from './protocol';

/** How a replay process ended. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it, core or V8 said last on its standard error; from where core began to panic, if it did. */
  lastWords: string;
}

export interface ProcessEvents {
  message(message: FromChild): void;
  end(end: ProcessEnd): void;
}

const KEPT_STDERR_CHARACTERS = 4_000;
/** Core runs on threads of its own: a panic there leaves the process alive and the replay waiting for ever. */
const PANIC = /thread '[^']*' (?:\(\d+\) )?panicked at/;
const STOP_GRACE_MS = 500;
/** A busy process says where it is in less than a quarter of a second; the rest is for a machine under load. */
const STACK_DEADLINE_MS = 3_000;
/** For what a process wrote just before its end to arrive. */
const LAST_WORDS_MS = 10;
const RUNNING = new Set<ChildProcess>();

// The last resort for a parent that ends in whatever way it can still notice.
process.on('exit', () => {
  for (const child of RUNNING) child.kill('SIGKILL');
});

/** Starts a replay process: it loads the SDK, and waits for its setup. */
export function forkReplayProcess(): ChildProcess {
  const child = fork(join(__dirname, 'replay-process-main.js'), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A debugger's port or a loader of the parent's is not handed down.
    execArgv: [INSPECTOR_PORT],
    // Core hands each activation from thread to thread; with one thread it does so 10 % faster, and the cores are
    // busy with the other processes anyway.
    env: { TOKIO_WORKER_THREADS: '1', ...process.env },
  });
  RUNNING.add(child);
  child.on('error', () => undefined);
  child.once('exit', () => RUNNING.delete(child));
  return child;
}

/** The parent's side of one replay process, for one run. */
export class ReplayProcess {
  private stderr = '';
  private readonly listeners: { off(): void }[] = [];

  constructor(
    private readonly child: ChildProcess,
    setup: Promise<Setup>,
    events: ProcessEvents,
  ) {
    this.listen(this.child.stderr!.setEncoding('utf8'), 'data', (text: string) => this.hear(text));
    this.listen(this.child, 'message', (message: FromChild) => events.message(message));
    // Not `close`: after a disconnect from our side it never comes (seen on Node 20).
    this.listen(this.child, 'exit', (code: number | null, signal: NodeJS.Signals | null) => {
      setTimeout(() => events.end({ code, signal, lastWords: this.stderr.trim() }), LAST_WORDS_MS);
    });
    void setup.then((ready) => this.send({ type: 'setup', setup: ready }));
  }

  /** Leaves the process as it is, for another run. */
  release(): ChildProcess {
    for (const { off } of this.listeners) off();
    this.child.stderr!.resume();
    return this.child;
  }

  replay(job: Job): void {
    this.send({ type: 'replay', job });
  }

  /** Asks it to end, and makes it where it doesn't. */
  stop(): void {
    if (this.child.connected) this.child.disconnect();
    setTimeout(() => this.kill(), STOP_GRACE_MS).unref();
  }

  /** Where it is busy, innermost call first; see {@link stackOfBusyProcess}: it has to be killed afterwards. */
  stack(isTelling: (frames: readonly RawFrame[]) => boolean): Promise<RawFrame[]> {
    return stackOfBusyProcess(this.child, { isTelling, deadlineMs: STACK_DEADLINE_MS });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private listen<Args extends unknown[]>(
    emitter: NodeJS.EventEmitter,
    event: string,
    listener: (...args: Args) => void,
  ): void {
    emitter.on(event, listener as (...args: unknown[]) => void);
    this.listeners.push({ off: () => emitter.off(event, listener as (...args: unknown[]) => void) });
  }

  private send(message: ToChild): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private hear(text: string): void {
    const heard = this.stderr + text;
    const panicAt = heard.search(PANIC);
    // A panic says why in its first lines, and its backtrace is longer than what is kept.
    this.stderr =
      panicAt === -1
        ? heard.slice(-KEPT_STDERR_CHARACTERS)
        : heard.slice(panicAt, panicAt + KEPT_STDERR_CHARACTERS);
    // Left a moment, so that the reason that follows is heard as well.
    if (panicAt !== -1) setTimeout(() => this.kill(), 50);
  }
}
