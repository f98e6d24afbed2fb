import { setTimeout as sleep } from 'node:timers/promises';

const GIVE_UP_MS = 10_000;
const EVERY_MS = 20;

/**
 * Waits until the assertion holds; rejects with its error when it does not within ten seconds.
 * For pages: a browser follows a click, a changed hash or an opened element a moment later.
 */
export async function soon(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(EVERY_MS);
    }
  }
}
