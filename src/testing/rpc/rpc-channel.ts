import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { TemporalReplayError, isErrorCode } from '../../errors';

/** What one side can be asked: name → [question, answer]. */
export type Questions = Record<string, [unknown, unknown]>;
/** What one side is told without an answer: name → what. */
export type Notices = Record<string, unknown>;

/** Both directions of one connection. */
export interface Contract {
  asks: Questions;
  tells: Notices;
  isAsked: Questions;
  isTold: Notices;
}

export interface RpcHandlers<C extends Contract> {
  answer: { [K in keyof C['isAsked']]: (question: C['isAsked'][K][0]) => Promise<C['isAsked'][K][1]> };
  hear: { [K in keyof C['isTold']]: (notice: C['isTold'][K]) => void };
  closed(): void;
}

type Frame =
  | { kind: 'ask'; id: number; name: string; body: unknown }
  | { kind: 'answer'; id: number; body: unknown }
  | { kind: 'refusal'; id: number; code: string | null; message: string; hint: string }
  | { kind: 'tell'; name: string; body: unknown };

interface Waiting {
  resolve(body: unknown): void;
  reject(err: unknown): void;
}

const LENGTH_BYTES = 4;

/** Typed questions, answers and notices over a local socket. Values travel in V8's serialization, so bytes stay bytes. */
export class RpcChannel<C extends Contract> {
  private readonly waiting = new Map<number, Waiting>();
  private received: Buffer[] = [];
  private receivedBytes = 0;
  private nextId = 0;
  private isClosed = false;

  constructor(
    private readonly socket: Socket,
    private readonly handlers: RpcHandlers<C>,
  ) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => this.end());
  }

  /** Why nothing comes any more; null while it is open. */
  get failure(): TemporalReplayError | null {
    return this.isClosed ? gone() : null;
  }

  ask<K extends keyof C['asks'] & string>(name: K, body: C['asks'][K][0]): Promise<C['asks'][K][1]> {
    if (this.isClosed) return Promise.reject(gone());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ kind: 'ask', id, name, body });
    });
  }

  tell<K extends keyof C['tells'] & string>(name: K, body: C['tells'][K]): void {
    if (!this.isClosed) this.send({ kind: 'tell', name, body });
  }

  /** Ends once what was written is sent. */
  close(): void {
    this.socket.end();
  }

  private send(frame: Frame): void {
    const body = serialize(frame);
    const head = Buffer.alloc(LENGTH_BYTES);
    head.writeUInt32BE(body.length);
    this.socket.write(Buffer.concat([head, body]));
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    while (this.receivedBytes >= LENGTH_BYTES) {
      const all = this.received.length === 1 ? this.received[0]! : Buffer.concat(this.received);
      this.received = [all];
      const end = LENGTH_BYTES + all.readUInt32BE(0);
      if (all.length < end) return;
      this.received = [all.subarray(end)];
      this.receivedBytes = all.length - end;
      this.dispatch(deserialize(all.subarray(LENGTH_BYTES, end)) as Frame);
    }
  }

  private dispatch(frame: Frame): void {
    switch (frame.kind) {
      case 'tell':
        this.handlers.hear[frame.name]?.(frame.body as never);
        return;
      case 'ask':
        void this.reply(frame.id, frame.name, frame.body);
        return;
      case 'answer':
        this.settle(frame.id)?.resolve(frame.body);
        return;
      case 'refusal':
        this.settle(frame.id)?.reject(errorOf(frame));
        return;
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private async reply(id: number, name: string, body: unknown): Promise<void> {
    try {
      const answer = await this.handlers.answer[name]!(body as never);
      if (!this.isClosed) this.send({ kind: 'answer', id, body: answer });
    } catch (err) {
      if (!this.isClosed) this.send({ kind: 'refusal', id, ...refusalOf(err) });
    }
  }

  private end(): void {
    this.isClosed = true;
    for (const { reject } of this.waiting.values()) reject(gone());
    this.waiting.clear();
    this.handlers.closed();
  }
}

const gone = (): TemporalReplayError =>
  new TemporalReplayError('TEST_WORKER_GONE', 'The process that runs the workflows has ended.');

function refusalOf(err: unknown): { code: string | null; message: string; hint: string } {
  const { code, message, hint } = (err ?? {}) as { code?: unknown; message?: unknown; hint?: unknown };
  return {
    code: typeof code === 'string' ? code : null,
    message: typeof message === 'string' ? message : String(err),
    hint: typeof hint === 'string' ? hint : '',
  };
}

function errorOf({ code, message, hint }: { code: string | null; message: string; hint: string }): Error {
  return isErrorCode(code) ? new TemporalReplayError(code, message, { hint }) : new Error(message);
}

/** A name for a local socket that no other process has. */
export function newSocketPath(): string {
  const name = `temporal-replay-${process.pid}-${randomBytes(6).toString('hex')}`;
  // A Unix socket's path may have 104 characters at most, which deep temporary directories exceed.
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(shortTmpdir(), `${name}.sock`);
}

const MAX_TMPDIR_LENGTH = 50;
const shortTmpdir = (): string => (tmpdir().length > MAX_TMPDIR_LENGTH ? '/tmp' : tmpdir());
