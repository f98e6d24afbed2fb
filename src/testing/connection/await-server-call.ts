import type { TestWorker } from './test-worker';

/** Grace period for the exit of the test worker to be seen after that of its server. */
const NOTICED_WITHIN_MS = 100;
const UNAVAILABLE = 14;

/**
 * Awaits a call to the server of a test worker.
 *
 * @throws TEST_WORKER_GONE if the test worker has exited, instead of the error of the call that this has broken
 */
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
