import { setTimeout as sleep } from 'node:timers/promises';
import { mapConcurrently } from '../../src/fetch/map-concurrently';
import { retry } from '../../src/util/retry';

describe('retry', () => {
  it('tries again while the error is worth it, and gives up with that error', async () => {
    let calls = 0;
    const fail = () => Promise.reject(new Error(`failure ${++calls}`));
    await expect(retry(fail, { delayAfter: (_, attempt) => (attempt < 4 ? 1 : null) })).rejects.toThrow(
      'failure 4',
    );
    await expect(retry(fail, { delayAfter: () => null })).rejects.toThrow('failure 5');
    expect(await retry(async () => (++calls < 8 ? fail() : 'done'), { delayAfter: () => 1 })).toBe('done');
  });

  it('waits at random, never longer than the bound', async () => {
    const startedAt = Date.now();
    const fail = () => Promise.reject(new Error('no'));
    const delayAfter = (_: unknown, attempt: number) => (attempt < 6 ? 1000 : null);
    await expect(retry(fail, { delayAfter, maxDelayMs: 20 })).rejects.toThrow('no');
    expect(Date.now() - startedAt).toBeLessThan(500);
  });

  it('ends a wait at once when it is aborted', async () => {
    const abort = new AbortController();
    const startedAt = Date.now();
    setTimeout(() => abort.abort(), 50);
    // A random delay could be short by itself: an hour is not.
    const waiting = retry(() => Promise.reject(new Error('no')), {
      delayAfter: () => 3_600_000,
      maxDelayMs: 3_600_000,
      signal: abort.signal,
    });
    await expect(waiting).rejects.toThrow();
    expect(Date.now() - startedAt).toBeLessThan(1000);
  });
});

describe('mapConcurrently', () => {
  const numbers = async function* (count: number, taken: { count: number }) {
    for (let i = 0; i < count; i++) {
      taken.count++;
      yield i;
    }
  };

  it('keeps the order, the limit, and takes no more than it needs', async () => {
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

  it('aborts and awaits what is running when one fails', async () => {
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

  it('stops when its consumer does', async () => {
    const taken = { count: 0 };
    for await (const i of mapConcurrently(numbers(1000, taken), { concurrency: 2 }, async (i) => i))
      if (i === 5) break;
    expect(taken.count).toBeLessThan(20);
  });
});
