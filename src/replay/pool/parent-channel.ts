import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { FrameReader, FrameWriter, SECRET_BYTES } from '../../util/sealed-frames';
import { JOBS_FD, MESSAGES_FD, type ToChild } from './protocol';

/** The receiver of what a process sends during one run. */
export interface ChannelEvents {
  /** Called with each value that the process has sealed. Its shape is not checked yet. */
  message(value: unknown): void;
  /** Called if bytes arrive that the process has not sealed: other code writes to its pipe. */
  broken(): void;
}

/** Returns the pipe over which a process gets its jobs. */
export const jobsOf = ({ stdio }: ChildProcess): Writable => stdio[JOBS_FD] as Writable;

/** The parent's side of the connection to one replay process. It outlives a run. */
export class ParentChannel {
  private static readonly ofChild = new WeakMap<ChildProcess, ParentChannel>();
  private events: ChannelEvents | null = null;
  private readonly writer: FrameWriter;
  private readonly output: Readable;
  private readonly input: Writable;

  /** Returns the channel of a process, and opens it for the first run. */
  static of(child: ChildProcess): ParentChannel {
    const known = this.ofChild.get(child);
    if (known) return known;
    const opened = new ParentChannel(child);
    this.ofChild.set(child, opened);
    return opened;
  }

  private constructor(child: ChildProcess) {
    const secret = randomBytes(SECRET_BYTES);
    this.writer = new FrameWriter(secret, 'to-child');
    const reader = new FrameReader(secret, 'from-child', {
      value: (value) => this.events?.message(value),
      broken: () => this.events?.broken(),
    });
    this.output = child.stdio[MESSAGES_FD] as Readable;
    this.output.on('data', (chunk: Buffer) => reader.read(chunk));
    this.input = jobsOf(child);
    // The end of the process follows.
    for (const stream of [this.output, this.input]) stream.on('error', () => undefined);
    this.input.write(secret);
  }

  /** Makes a run the receiver of messages; null for none. */
  listen(events: ChannelEvents | null): void {
    this.events = events;
  }

  send(message: ToChild): void {
    if (this.input.writable) this.input.write(this.writer.frame(message));
  }

  /** Closes the parent's side, at which the process ends. */
  close(): void {
    this.input.end();
  }

  /** Resolves when all that the process has sent is read, or after a time limit. */
  drained(limitMs: number): Promise<void> {
    if (this.output.readableEnded || this.output.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      for (const event of ['end', 'close'])
        this.output.once(event, () => {
          clearTimeout(timer);
          resolve();
        });
    });
  }
}
