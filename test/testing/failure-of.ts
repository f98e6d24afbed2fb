/** Returns the error of a promise that has to fail. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; cause?: unknown }> {
  try {
    await promise;
  } catch (err) {
    return err as Error;
  }
  throw new Error('It did not fail.');
}
