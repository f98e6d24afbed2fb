import { isTemporalReplayError, type TemporalReplayError } from '../../errors';
import type { TestWorker } from './test-worker';
import { pause } from '../time/clock';

/** Grace period for the exit of the test worker to be seen after that of its server. */
const NOTICED_WITHIN_MS = 100;
const UNAVAILABLE = 14;

/**
 * Awaits a call to the server of a test worker.
 *
 * @throws TEST_WORKER_GONE if the test worker has exited, instead of the error of the call that this has broken; USAGE if fake
 * timers make the call impossible
 */
export async function awaitServerCall<T>(
  call: Promise<T>,
  { channel }: Pick<TestWorker, 'channel'>,
): Promise<T> {
  try {
    return await call;
  } catch (err) {
    if (isUnavailable(err)) await pause(NOTICED_WITHIN_MS);
    throw channel.failure ?? ownErrorIn(err) ?? err;
  }
}

/** Returns this library's own error that the SDK's client has wrapped in another one; null if there is none. */
export function ownErrorIn(err: unknown): TemporalReplayError | null {
  for (let cause = err; cause instanceof Error; cause = cause.cause)
    if (isTemporalReplayError(cause)) return cause;
  return null;
}

const isUnavailable = (err: unknown): boolean =>
  [err, (err as { cause?: unknown }).cause].some(
    (one) => (one as { code?: unknown } | undefined)?.code === UNAVAILABLE,
  );
