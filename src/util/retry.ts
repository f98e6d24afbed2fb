import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /**
   * Returns the upper bound in ms of the first delay after an error, or null if the error should not be retried.
   * `attempt` counts from 1.
   */
  delayAfter: (err: unknown, attempt: number) => number | null;
  /** Longest delay. @default 10000 */
  maxDelayMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Calls `fn` until it succeeds or fails with an error that should not be retried. Delays grow exponentially with full
 * jitter, so that clients that were refused together do not return together.
 */
export async function retry<T>(fn: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { delayAfter, maxDelayMs = 10_000, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await fn();
    } catch (err) {
      const base = signal?.aborted ? null : delayAfter(err, attempt);
      if (base === null) throw err;
      const bound = Math.min(maxDelayMs, base * 2 ** (attempt - 1));
      // An abort ends the wait at once and is thrown.
      await sleep(Math.random() * bound, undefined, { signal });
    }
  }
}
