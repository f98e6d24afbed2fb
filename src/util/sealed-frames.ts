import { createHmac, timingSafeEqual } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';

/**
 * Messages over a pipe to a process that also runs code of others. Each frame is its length, a seal and a value in V8's
 * serialization. The seal is an HMAC over the direction, the number of the frame and the value, so that only code that knows
 * the secret can make a frame, and none can be sent twice. Nothing is deserialized before its seal is checked.
 */

export type Direction = 'to-child' | 'from-child';

/** Number of bytes of a secret. */
export const SECRET_BYTES = 32;

const LENGTH_BYTES = 4;
const SEAL_BYTES = 32;
const HEAD_BYTES = LENGTH_BYTES + SEAL_BYTES;
/** A longer frame is none of ours: the largest are the bytes of a history. */
const MAX_FRAME_BYTES = 1024 * 1024 * 1024;

function sealOf(secret: Uint8Array, direction: Direction, number: number, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${direction} ${number} `).update(body).digest();
}

/** Makes the frames of one direction. */
export class FrameWriter {
  private number = 0;

  constructor(
    private readonly secret: Uint8Array,
    private readonly direction: Direction,
  ) {}

  frame(value: unknown): Buffer {
    const body = serialize(value);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, sealOf(this.secret, this.direction, this.number++, body), body]);
  }
}

/** Reads the frames of one direction as their bytes arrive. */
export class FrameReader {
  private number = 0;
  private chunks: Buffer[] = [];
  private size = 0;
  private isBroken = false;

  constructor(
    private readonly secret: Uint8Array,
    private readonly direction: Direction,
    private readonly on: { value(value: unknown): void; broken(): void },
  ) {}

  /** Takes bytes. After the first that belong to no frame, `broken` is called once, and all further bytes are dropped. */
  read(chunk: Buffer): void {
    if (this.isBroken) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (!this.isBroken && this.size >= HEAD_BYTES) {
      if (this.chunks[0]!.length < HEAD_BYTES) this.chunks = [Buffer.concat(this.chunks)];
      const length = this.chunks[0]!.readUInt32BE(0);
      if (length > MAX_FRAME_BYTES) return this.break();
      const end = HEAD_BYTES + length;
      if (this.size < end) return;
      const all = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
      this.chunks = [all.subarray(end)];
      this.size = all.length - end;
      this.open(all.subarray(LENGTH_BYTES, HEAD_BYTES), all.subarray(HEAD_BYTES, end));
    }
  }

  private open(seal: Buffer, body: Buffer): void {
    const expected = sealOf(this.secret, this.direction, this.number++, body);
    if (!timingSafeEqual(seal, expected)) return this.break();
    let value: unknown;
    try {
      value = deserialize(body);
    } catch {
      return this.break();
    }
    this.on.value(value);
  }

  private break(): void {
    this.isBroken = true;
    this.chunks = [];
    this.on.broken();
  }
}
