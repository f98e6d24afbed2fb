import { smallestSubset } from '../../src/cause/smallest-subset';

const ITEMS = Array.from({ length: 64 }, (_, n) => n);

/** Returns the smallest part of the items that holds all needed ones, and the number of tests that it took. */
async function search(needed: readonly number[]): Promise<{ found: number[]; tests: number }> {
  let tests = 0;
  const found = await smallestSubset(ITEMS, (part) => {
    tests++;
    return Promise.resolve(needed.every((item) => part.includes(item)));
  });
  return { found, tests };
}

describe('smallestSubset', () => {
  it('finds one of 64 items in a few steps', async () => {
    const { found, tests } = await search([41]);

    expect(found).toEqual([41]);
    expect(tests).toBeLessThanOrEqual(13);
  });

  it('finds items that are needed together, wherever they stand', async () => {
    const { found, tests } = await search([3, 60]);

    expect(found).toEqual([3, 60]);
    expect(tests).toBeLessThanOrEqual(30);
  });

  it('finds the first item with one test', async () => {
    expect(await search([0])).toEqual({ found: [0], tests: 1 });
  });

  it('returns a single item without a test', async () => {
    const test = jest.fn(() => Promise.resolve(false));

    expect(await smallestSubset([1], test)).toEqual([1]);
    expect(test).not.toHaveBeenCalled();
  });
});
