import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import { TemporalReplayError, isErrorCode } from '../../errors';
import type { RpcContract, RpcHandlers } from './rpc-contract';

type Frame =
  | { kind: 'request'; id: number; name: string; params: unknown }
  | { kind: 'result'; id: number; result: unknown }
  | ({ kind: 'error'; id: number } & SentError)
  | { kind: 'notification'; name: string; params: unknown };

interface SentError {
  /** Code of a `TemporalReplayError`; null for another error. */
  code: string | null;
  message: string;
  hint: string;
}

interface PendingRequest {
  resolve(result: unknown): void;
  reject(err: unknown): void;
}

const LENGTH_BYTES = 4;
/** A longer frame is none of ours. */
const MAX_FRAME_BYTES = 1024 * 1024 * 1024;

/**
 * One side of a connection over a local socket: sends requests and notifications, and handles those of the other side. Each
 * frame is a length and a value in V8's serialization, so bytes stay bytes. The other side may run code of others: what is
 * no frame closes the connection.
 */
export class RpcChannel<C extends RpcContract> {
  private readonly pending = new Map<number, PendingRequest>();
  private received: Buffer[] = [];
  private receivedBytes = 0;
  private nextId = 0;
  private isClosed = false;

  constructor(
    private readonly socket: Socket,
    private readonly handlers: RpcHandlers<C>,
  ) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    // `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => this.end());
  }

  /** Error that requests on the closed connection fail with; null while the connection is open. */
  get failure(): TemporalReplayError | null {
    return this.isClosed ? connectionLost() : null;
  }

  /**
   * Sends a request and waits for its result.
   *
   * @throws the error of the other side's handler, with its code; TEST_WORKER_GONE if the connection closes
   */
  request<K extends keyof C['requests'] & string>(
    name: K,
    params: C['requests'][K][0],
  ): Promise<C['requests'][K][1]> {
    if (this.isClosed) return Promise.reject(connectionLost());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.send({ kind: 'request', id, name, params });
    });
  }

  /** Sends a notification, or does nothing if the connection is closed. */
  notify<K extends keyof C['notifications'] & string>(name: K, params: C['notifications'][K]): void {
    if (!this.isClosed) this.send({ kind: 'notification', name, params });
  }

  /** Closes the connection after all that was written is sent. */
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
    if (this.socket.destroyed) return;
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    while (this.receivedBytes >= LENGTH_BYTES) {
      const all = this.received.length === 1 ? this.received[0]! : Buffer.concat(this.received);
      this.received = [all];
      const length = all.readUInt32BE(0);
      if (length > MAX_FRAME_BYTES) return this.break();
      const end = LENGTH_BYTES + length;
      if (all.length < end) return;
      this.received = [all.subarray(end)];
      this.receivedBytes = all.length - end;
      if (!this.open(all.subarray(LENGTH_BYTES, end))) return this.break();
    }
  }

  /** Handles a frame. Returns false if the bytes are none, or if they break its handler. */
  private open(bytes: Buffer): boolean {
    try {
      const frame: unknown = deserialize(bytes);
      if (!isFrame(frame)) return false;
      this.dispatch(frame);
      return true;
    } catch {
      return false;
    }
  }

  private break(): void {
    this.received = [];
    this.receivedBytes = 0;
    this.socket.destroy();
  }

  private dispatch(frame: Frame): void {
    switch (frame.kind) {
      case 'notification':
        if (Object.hasOwn(this.handlers.notifications, frame.name))
          this.handlers.notifications[frame.name]!(frame.params as never);
        return;
      case 'request':
        void this.respond(frame.id, frame.name, frame.params);
        return;
      case 'result':
        this.takePending(frame.id)?.resolve(frame.result);
        return;
      case 'error':
        this.takePending(frame.id)?.reject(receivedError(frame));
        return;
    }
  }

  private takePending(id: number): PendingRequest | undefined {
    const request = this.pending.get(id);
    this.pending.delete(id);
    return request;
  }

  private async respond(id: number, name: string, params: unknown): Promise<void> {
    try {
      if (!Object.hasOwn(this.handlers.requests, name)) throw new Error(`There is no request \`${name}\`.`);
      const result = await this.handlers.requests[name]!(params as never);
      if (!this.isClosed) this.send({ kind: 'result', id, result });
    } catch (err) {
      if (!this.isClosed) this.send({ kind: 'error', id, ...errorToSend(err) });
    }
  }

  private end(): void {
    this.isClosed = true;
    for (const { reject } of this.pending.values()) reject(connectionLost());
    this.pending.clear();
    this.handlers.closed();
  }
}

function isFrame(value: unknown): value is Frame {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, name, code, message, hint } = value as Record<string, unknown>;
  const isAnswer = typeof id === 'number';
  switch (kind) {
    case 'notification':
      return typeof name === 'string';
    case 'request':
      return isAnswer && typeof name === 'string';
    case 'result':
      return isAnswer;
    case 'error':
      return isAnswer && isTextOrNull(code) && typeof message === 'string' && typeof hint === 'string';
    default:
      return false;
  }
}

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

const connectionLost = (): TemporalReplayError =>
  new TemporalReplayError('TEST_WORKER_GONE', 'The process that runs the workflows has ended.');

function errorToSend(err: unknown): SentError {
  const { code, message, hint } = (err ?? {}) as { code?: unknown; message?: unknown; hint?: unknown };
  return {
    code: typeof code === 'string' ? code : null,
    message: typeof message === 'string' ? message : String(err),
    hint: typeof hint === 'string' ? hint : '',
  };
}

function receivedError({ code, message, hint }: SentError): Error {
  return isErrorCode(code) ? new TemporalReplayError(code, message, { hint }) : new Error(message);
}
