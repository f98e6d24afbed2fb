import type { TestWorker } from './test-worker';

/** Within which the end of a test worker is noticed, where that of its server is first. */
const NOTICED_WITHIN_MS = 100;
const UNAVAILABLE = 14;

/** A call of a server; where the test worker has ended, with that for its error: what the server's absence says is nothing. */
export async function awaitServerCall<T>(
  call: Promise<T>,
  { channel }: Pick<TestWorker, 'channel'>,
): Promise<T> {
  try {
    return await call;
  } catch (err) {
    if (isUnavailable(err)) await new Promise<void>((done) => setTimeout(done, NOTICED_WITHIN_MS));
    throw channel.failure ?? err;
  }
}

const isUnavailable = (err: unknown): boolean =>
  [err, (err as { cause?: unknown }).cause].some(
    (one) => (one as { code?: unknown } | undefined)?.code === UNAVAILABLE,
  );
