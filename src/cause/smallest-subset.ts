/**
 * Returns a smallest part of items that still passes a test which all of them pass. The items are taken to be in the order
 * of likelihood: each needed item costs about two tests for every doubling of its position.
 *
 * @param passes a test that parts with all needed items pass
 */
export async function smallestSubset<T>(
  items: readonly T[],
  passes: (part: readonly T[]) => Promise<boolean>,
): Promise<T[]> {
  let candidates = items;
  let needed: T[] = [];
  while (candidates.length > 1) {
    if (needed.length > 0 && (await passes(needed))) return needed;
    const length = await shortestPrefix(candidates, (prefix) => passes([...prefix, ...needed]));
    needed = [candidates[length - 1]!, ...needed];
    candidates = candidates.slice(0, length - 1);
  }
  if (candidates.length === 1 && needed.length > 0 && (await passes(needed))) return needed;
  return [...candidates, ...needed];
}

/** Returns the length of the shortest prefix that passes. The items as a whole pass. */
async function shortestPrefix<T>(
  items: readonly T[],
  passes: (prefix: readonly T[]) => Promise<boolean>,
): Promise<number> {
  let [failing, passing] = [0, 1];
  while (passing < items.length && !(await passes(items.slice(0, passing)))) {
    failing = passing;
    passing *= 2;
  }
  passing = Math.min(passing, items.length);
  while (passing - failing > 1) {
    const middle = Math.floor((failing + passing) / 2);
    if (await passes(items.slice(0, middle))) passing = middle;
    else failing = middle;
  }
  return passing;
}
