/** Probability with which no more runs are broken than {@link atMostBroken} says. */
const CONFIDENCE = 0.95;
/** Larger than the rounding errors of a probability. */
const ROUNDING = 1e-9;

/**
 * Returns the number of runs that may be broken at most among those that were not looked at, if none is among the others: with more of
 * them, a random choice would have met one with a probability of 95 %.
 *
 * @param total number of runs
 * @param drawn number of those that were chosen at random, and go on
 */
export function atMostBroken(total: number, drawn: number): number {
  let [low, high] = [0, total - drawn];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (missingAll(total, middle, drawn) >= 1 - CONFIDENCE - ROUNDING) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Returns the probability that none of `broken` runs is among `drawn` of `total`. */
function missingAll(total: number, broken: number, drawn: number): number {
  // The smaller of two equal products: the drawn runs avoid the broken ones, or the broken ones avoid the drawn.
  const [draws, avoided] = drawn < broken ? [drawn, broken] : [broken, drawn];
  let logarithm = 0;
  for (let i = 0; i < draws; i++) {
    const left = total - avoided - i;
    if (left <= 0) return 0;
    logarithm += Math.log(left / (total - i));
  }
  return Math.exp(logarithm);
}
