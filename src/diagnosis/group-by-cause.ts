import type { Cause } from '../model/cause';
import type { DiagnosedResult } from '../model/report';
import { VERDICTS } from '../model/verdict';

/** The results with one fingerprint. */
export interface Variant {
  fingerprint: string;
  /** Indexes of the results. */
  results: number[];
}

/**
 * Returns groups of results with one cause, each with its variants: the gravest verdict first, then the commonest. Results
 * of different fingerprints have one cause if the same change makes them break. Drift stays apart from what breaks.
 */
export function groupByCause(
  fingerprints: ReadonlyMap<string, number[]>,
  all: readonly DiagnosedResult[],
  causes: ReadonlyMap<string, Cause>,
): Variant[][] {
  const groups = new Map<string, Variant[]>();
  for (const [fingerprint, results] of fingerprints) {
    const cause = causes.get(fingerprint);
    const key =
      cause?.proven && cause.hunks.length > 0 ? `${levelOf(results, all)} ${causeKey(cause)}` : fingerprint;
    groups.set(key, [...(groups.get(key) ?? []), { fingerprint, results }]);
  }
  const rank = ({ results }: Variant): number => VERDICTS[all[results[0]!]!.verdict].rank;
  for (const variants of groups.values())
    variants.sort(
      (a, b) =>
        rank(a) - rank(b) || b.results.length - a.results.length || (a.fingerprint < b.fingerprint ? -1 : 1),
    );
  return [...groups.values()];
}

const levelOf = ([first]: readonly number[], all: readonly DiagnosedResult[]): string =>
  VERDICTS[all[first!]!.verdict].fails;

/** Returns a text that is the same for causes with the same changed passages. */
export const causeKey = ({ hunks }: Pick<Cause, 'hunks'>): string =>
  hunks
    .map(({ file, line, count }) => `${file}:${line}:${count}`)
    .sort()
    .join(' ');
