import { setTimeout as sleep } from 'node:timers/promises';
import { mapConcurrently } from '../../src/fetch/map-concurrently';
import { retry } from '../../src/util/retry';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('retry', () => {
  it('repeats the call until it succeeds, or fails with an error that is not worth another attempt', async () => {
    let calls = 0;
    const fail = () => Promise.reject(new Error(`failure ${++calls}`));
    await expect(retry(fail, { delayAfter: (_, attempt) => (attempt < 4 ? 1 : null) })).rejects.toThrow(
      'failure 4',
    );
    await expect(retry(fail, { delayAfter: () => null })).rejects.toThrow('failure 5');
    expect(await retry(async () => (++calls < 8 ? fail() : 'done'), { delayAfter: () => 1 })).toBe('done');
  });

  it('waits for a random time, never longer than the bound', async () => {
    const fail = () => Promise.reject(new Error('no'));
    // Without the bound, this test would run into its own time limit.
    const delayAfter = (_: unknown, attempt: number) => (attempt < 6 ? DAY_MS : null);

    await expect(retry(fail, { delayAfter, maxDelayMs: 20 })).rejects.toThrow('no');
  });

  it('ends its wait when it is aborted', async () => {
    const abort = new AbortController();
    const waiting = retry(() => Promise.reject(new Error('no')), {
      delayAfter: () => DAY_MS,
      maxDelayMs: DAY_MS,
      signal: abort.signal,
    });

    setTimeout(() => abort.abort(), 50);

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('mapConcurrently', () => {
  const numbers = async function* (count: number, taken: { count: number }) {
    for (let i = 0; i < count; i++) {
      taken.count++;
      yield i;
    }
  };

  it('yields results in order, within its concurrency, and reads ahead no further than it may', async () => {
    const taken = { count: 0 };
    let running = 0;
    let most = 0;
    let seen = 0;
    const results = mapConcurrently(numbers(1000, taken), { concurrency: 5, ahead: 10 }, async (i) => {
      most = Math.max(most, ++running);
      await sleep(Math.random() * 2);
      running--;
      return i;
    });
    for await (const i of results) {
      expect(i).toBe(seen++);
      expect(taken.count - seen).toBeLessThanOrEqual(10);
    }
    expect([seen, most]).toEqual([1000, 5]);
  });

  it('aborts the running calls when one fails, and waits for their end', async () => {
    let running = 0;
    const work = async (i: number, signal: AbortSignal) => {
      running++;
      try {
        if (i === 3) throw new Error('three');
        if (i > 3) await sleep(60_000, undefined, { signal });
        return i;
      } finally {
        running--;
      }
    };
    const all = async () => {
      for await (const _ of mapConcurrently(numbers(100, { count: 0 }), { concurrency: 4 }, work));
    };
    await expect(all()).rejects.toThrow('three');
    expect(running).toBe(0);
  });

  it('stops reading when its consumer stops', async () => {
    const taken = { count: 0 };
    for await (const i of mapConcurrently(numbers(1000, taken), { concurrency: 2 }, async (i) => i))
      if (i === 5) break;
    expect(taken.count).toBeLessThan(20);
  });
});
