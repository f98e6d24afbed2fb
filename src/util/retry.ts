import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /**
   * Upper bound in ms of the first delay after this error, or null for an error that is not worth another attempt.
   * `attempt` counts from 1.
   */
  delayAfter: (err: unknown, attempt: number) => number | null;
  /** Longest delay. @default 10000 */
  maxDelayMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `fn` until it succeeds, or fails in a way that no further attempt will mend. Exponential backoff with full jitter:
 * clients that were refused together must not come back together.
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
      // An abort ends the wait at once, with the abort as the error.
      await sleep(Math.random() * bound, undefined, { signal });
    }
  }
}
