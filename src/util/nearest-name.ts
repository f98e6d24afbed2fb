import { distance } from 'fastest-levenshtein';

/** Returns the candidate that a name is probably a misspelling or a later form of, or undefined if none is close. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, name.length / 2) ? best.candidate : undefined;
}
