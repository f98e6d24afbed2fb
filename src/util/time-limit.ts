import { MAX_TIMER_MS } from './timer-limit';

/**
 * Returns what a promise resolves to, and rejects if that takes longer than a limit. The limit also keeps the process alive: one
 * that has nothing else to wait for would end as if all were well.
 *
 * @param what the subject of the error, such as `The module`
 */
export async function withTimeLimit<T>(promise: Promise<T> | T, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `${what} was not ready after ${limitMs / 1000} s`;
    timer = setTimeout(() => reject(new Error(message)), Math.min(limitMs, MAX_TIMER_MS));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
