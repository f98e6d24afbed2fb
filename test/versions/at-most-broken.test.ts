import { atMostBroken } from '../../src/versions/at-most-broken';

describe('atMostBroken', () => {
  it.each([
    [100, 100, 0],
    [100, 0, 100],
    // 30 draws of 100 miss 8 broken ones with a probability of 5.1 %, and 9 with 3.5 %.
    [100, 30, 8],
    [10_000, 1, 9500],
    // The rule of three: about 3 in 300 of a large number.
    [100_000, 300, 992],
  ])('returns for %d runs of which %d were drawn that at most %d are broken', (total, drawn, expected) => {
    expect(atMostBroken(total, drawn)).toBe(expected);
  });
});
