import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { INSPECTOR_PORT, type RawFrame, stackOfBusyProcess } from './busy-stack';
import { sdkEnvironment } from '../../packages/sdk-resolution';
import type { EngineChoice } from '../../model/engine';
import type { Setup } from '../setup';
import { ParentChannel } from './parent-channel';
import type { Job } from './protocol';
import { starvedMsOf } from './starvation';

/** The way in which a replay process ended. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last output on standard error, of the process, core or V8; after a panic of core, the output from its start on. */
  stderr: string;
}

export interface ProcessEvents {
  /** Called with each message, whose shape is not checked yet. */
  message(message: unknown): void;
  /** Called if other code than ours writes to the pipe of the process. */
  broken(): void;
  end(end: ProcessEnd): void;
}

const KEPT_STDERR_CHARACTERS = 4_000;
/** First line of a panic of core. Core has its own threads: a panic leaves the process alive, with a replay that never ends. */
const PANIC = /thread '[^']*' (?:\(\d+\) )?panicked at/;
const STOP_GRACE_MS = 500;
/** Time limit for reading the stack of a busy process. It takes less than 0.25 s, but more on a machine under load. */
const STACK_DEADLINE_MS = 3_000;
/** Delay after the exit, in which output that the process wrote just before it still arrives. */
const STDERR_GRACE_MS = 10;
/** Time limit for the messages that a process has sent before its end. */
const DRAIN_LIMIT_MS = 1_000;
/** Delay between a panic of core and the end of its process, in which the reason for the panic arrives. */
const PANIC_GRACE_MS = 50;
const RUNNING = new Set<ChildProcess>();

// Ends the children with the parent. If the parent is killed, they end by themselves (`endWithParent`).
process.on('exit', () => {
  for (const child of RUNNING) child.kill('SIGKILL');
});

/**
 * Starts a replay process, which loads the SDK and then waits for its setup. With the engine `auto`, it loads only the parts of the
 * SDK that the screen needs, and the others when core is asked.
 */
export function forkReplayProcess({
  main = join(__dirname, 'replay-process-main.js'),
  engine = 'core',
}: { main?: string; engine?: EngineChoice } = {}): ChildProcess {
  // Options of the parent, such as a debugger's port or a loader, are not inherited.
  const child = spawn(process.execPath, [INSPECTOR_PORT, main, String(process.pid), engine], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    // Core passes each activation from thread to thread. With a single thread this is 10 % faster, and the other
    // processes use the remaining cores anyway.
    env: { TOKIO_WORKER_THREADS: '1', ...process.env, ...sdkEnvironment() },
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
  private readonly channel: ParentChannel;

  constructor(
    private readonly child: ChildProcess,
    setup: Promise<Setup>,
    events: ProcessEvents,
  ) {
    this.listen(this.child.stderr!.setEncoding('utf8'), 'data', (text: string) => this.readStderr(text));
    this.channel = ParentChannel.of(this.child);
    this.channel.listen(events);
    this.listen(this.child, 'exit', (code: number | null, signal: NodeJS.Signals | null) => {
      // A process that this one has started may hold the pipes open, so `close` may not come.
      void this.channel
        .drained(DRAIN_LIMIT_MS)
        .then(() =>
          setTimeout(() => events.end({ code, signal, stderr: this.stderr.trim() }), STDERR_GRACE_MS),
        );
    });
    setup.then(
      (ready) => this.channel.send({ type: 'setup', setup: ready }),
      // The pool ends with the error of a setup that fails.
      () => undefined,
    );
  }

  /** Returns the process, still running, for another run. */
  release(): ChildProcess {
    for (const { off } of this.listeners) off();
    this.channel.listen(null);
    this.child.stderr!.resume();
    return this.child;
  }

  replay(job: Job): void {
    this.channel.send({ type: 'replay', job });
  }

  /** Asks the process to end, and kills it after a grace period. */
  stop(): void {
    this.channel.close();
    setTimeout(() => this.kill(), STOP_GRACE_MS).unref();
  }

  /** Returns the stack of the busy process; see {@link stackOfBusyProcess}. The process has to be killed afterwards. */
  stack(isUseful: (frames: readonly RawFrame[]) => boolean): Promise<RawFrame[]> {
    return stackOfBusyProcess(this.child, { isUseful, deadlineMs: STACK_DEADLINE_MS });
  }

  /** Returns the time that the process has waited for a processor, in ms. */
  starvedMs(): number {
    return starvedMsOf(this.child.pid);
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

  private readStderr(text: string): void {
    const stderr = this.stderr + text;
    const panicAt = stderr.search(PANIC);
    // A panic states its reason in its first lines, and its backtrace is longer than the output that is kept.
    this.stderr =
      panicAt === -1
        ? stderr.slice(-KEPT_STDERR_CHARACTERS)
        : stderr.slice(panicAt, panicAt + KEPT_STDERR_CHARACTERS);
    if (panicAt !== -1) setTimeout(() => this.kill(), PANIC_GRACE_MS);
  }
}
