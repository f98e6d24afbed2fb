import { Socket } from 'node:net';
import { FrameReader, FrameWriter, SECRET_BYTES } from '../../util/sealed-frames';
import { JOBS_FD, MESSAGES_FD, type FromChild, type ToChild } from './protocol';

/**
 * Opens the child's side of the connection to the parent, and returns the function that sends. The first bytes from the
 * parent are the secret, which only this closure has. It is there before any code of the user is loaded.
 */
export function connectToParent(on: {
  message(message: ToChild): void;
  /** Called when the parent has closed its side or has exited. */
  closed(): void;
}): (message: FromChild, sent?: () => void) => void {
  const input = new Socket({ fd: JOBS_FD, readable: true, writable: false });
  const output = new Socket({ fd: MESSAGES_FD, readable: false, writable: true });
  let writer: FrameWriter | null = null;
  let reader: FrameReader | null = null;
  let head = Buffer.alloc(0);
  input.on('data', (chunk: Buffer) => {
    if (reader) return reader.read(chunk);
    head = Buffer.concat([head, chunk]);
    if (head.length < SECRET_BYTES) return;
    const secret = Buffer.from(head.subarray(0, SECRET_BYTES));
    writer = new FrameWriter(secret, 'from-child');
    reader = new FrameReader(secret, 'to-child', {
      value: (value) => on.message(value as ToChild),
      broken: on.closed,
    });
    reader.read(head.subarray(SECRET_BYTES));
    head.fill(0, 0, SECRET_BYTES);
  });
  input.on('close', on.closed);
  for (const socket of [input, output]) socket.on('error', on.closed);
  return (message, sent) => void output.write(writer!.frame(message), sent);
}
