import { Socket } from 'node:net';

/**
 * The pipe between a test worker and the process that has started it. Each side sees by its end that the other one is gone. Workflow
 * code that leaves the sandbox can write to it: its bytes mean nothing, except that the first one says that the test worker listens,
 * which comes before any code of the user is loaded. Node's own channel would throw in the parent over bytes that are no message.
 */
export const LIFELINE_FD = 3;

/** Opens the test worker's side, and returns the function that says that it listens. */
export function holdLifeline(onEnd: () => void): () => void {
  const pipe = new Socket({ fd: LIFELINE_FD, readable: true, writable: true });
  let isEnded = false;
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    onEnd();
  };
  // `close` follows an error.
  pipe.on('error', () => undefined).on('end', end);
  pipe.on('close', end).resume();
  return () => void pipe.write('.');
}
