/**
 * Returns what a function resolves to. As soon as the signal is aborted, it returns the fallback, and what the function still does
 * is without effect: the work may be one that cannot be stopped, such as a build.
 */
export async function unlessAborted<T, F>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  fallback: () => F,
): Promise<T | F> {
  if (!signal) return work();
  if (signal.aborted) return fallback();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const done = await Promise.race([work().then((value) => ({ value })), aborted]);
    return done === null ? fallback() : done.value;
  } finally {
    signal.removeEventListener('abort', onAbort!);
  }
}
