import pLimit from 'p-limit';

export interface MapOptions {
  /** Number of calls of `fn` at once. */
  concurrency: number;
  /** Number of items that are taken before their turn, all of which need memory. @default 4 × concurrency */
  ahead?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Yields `fn(item)` for each item, in their order. It takes no more items than it needs to keep `concurrency` calls
 * running, so that a hundred thousand cost no more memory than a hundred. When it ends early (an error, an abort, a
 * consumer that stops), it aborts the calls that are still running and waits for their end. An error comes after the results of
 * the calls that were done by then.
 */
export async function* mapConcurrently<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  options: MapOptions,
  fn: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const { concurrency, ahead = 4 * concurrency, signal } = options;
  const limit = pLimit(concurrency);
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();

  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = limit(async () => {
        stop.signal.throwIfAborted();
        return await fn(item, stop.signal);
      });
      // A call may fail before its turn. The rejection is reported then, so it is not unhandled.
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= ahead) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } catch (err) {
    stop.abort();
    for (const result of await Promise.allSettled(running))
      if (result.status === 'fulfilled') yield result.value;
    throw err;
  } finally {
    stop.abort();
    signal?.removeEventListener('abort', onAbort);
    await Promise.allSettled(running);
  }
}
