import { setTimeout as sleep } from 'node:timers/promises';

const GIVE_UP_MS = 120_000;
const EVERY_MS = 50;

/**
 * Repeats an assertion until it holds, and rejects with its error after two minutes: long enough for a machine that
 * is busy with other work, and shorter than the time limit of a test.
 */
export async function soon(assertion: () => Promise<void> | void): Promise<void> {
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
