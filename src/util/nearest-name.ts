import { distance } from 'fastest-levenshtein';

/** Returns the candidate that a name is probably a misspelling or a later form of, or undefined if none is close. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, name.length / 2) ? best.candidate : undefined;
}

/** Names are compared up to this length: the time grows with the product of both lengths. */
const COMPARED_LENGTH = 1_000;

/** Returns the number of edits between two names. Of very long names, the rest counts as all different or all the same. */
export function editDistance(a: string, b: string): number {
  const [restOfA, restOfB] = [a.slice(COMPARED_LENGTH), b.slice(COMPARED_LENGTH)];
  const head = distance(a.slice(0, COMPARED_LENGTH), b.slice(0, COMPARED_LENGTH));
  return restOfA === restOfB ? head : head + Math.max(restOfA.length, restOfB.length);
}
