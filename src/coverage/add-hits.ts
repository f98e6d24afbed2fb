import type { BranchMapping, FileCoverageData, Location, Range } from 'istanbul-lib-coverage';

/** Maps a position of the instrumented code to the source; returns null if it has none. */
export type ToSource = (position: Location) => Location | null;

/**
 * Adds hits by position to the counters of another build of the same file. The two compilers may differ in what a statement is,
 * so each counter gets the hits of the code at its start.
 *
 * @param target changed in place
 * @param toSource maps positions of `target`; positions of `hits` are in the source
 */
export function addHitsByPlace(target: FileCoverageData, hits: FileCoverageData, toSource: ToSource): void {
  const hitsAt = (position: Location | null): number => (position ? statementHits(hits, position) : 0);
  for (const [id, { start }] of Object.entries(target.statementMap))
    target.s[id] = (target.s[id] ?? 0) + hitsAt(toSource(start));
  for (const [id, { decl }] of Object.entries(target.fnMap))
    target.f[id] = (target.f[id] ?? 0) + functionHits(hits, toSource(decl.start));
  for (const [id, branch] of Object.entries(target.branchMap)) {
    const sides = sidesAt(hits, branch, toSource(branch.loc.start));
    target.b[id] = (target.b[id] ?? []).map(
      (before, side) =>
        before + (sides?.[side] ?? sideHits(target, branch, side, (place) => hitsAt(toSource(place)))),
    );
  }
}

/**
 * Returns the hits of the innermost statement at a position. Code that a compiler adds for an export stands at a name, and counts
 * as the named code.
 */
function statementHits(hits: FileCoverageData, position: Location): number {
  const { statementMap, s, fnMap, f } = hits;
  let innermost: string | null = null;
  for (const [id, range] of Object.entries(statementMap)) {
    if (!contains(range, position)) continue;
    if (innermost === null || compare(range.start, statementMap[innermost]!.start) >= 0) innermost = id;
  }
  if (innermost !== null) return s[innermost] ?? 0;
  const named = Object.keys(fnMap).find((id) => contains(fnMap[id]!.decl, position));
  if (named !== undefined) return f[named] ?? 0;
  const beside = nearest(
    Object.entries(statementMap).map(([id, { start }]) => [id, start]),
    position,
  );
  return beside === null ? 0 : (s[beside] ?? 0);
}

/** Returns the hits of the function with the nearest start on the same line. */
function functionHits({ fnMap, f }: FileCoverageData, position: Location | null): number {
  const id = nearest(
    Object.entries(fnMap).map(([key, { decl }]) => [key, decl.start]),
    position,
  );
  return id === null ? 0 : (f[id] ?? 0);
}

/** Returns the hits of the branch of the same kind and number of sides with the nearest start on the same line. */
function sidesAt(
  { branchMap, b }: FileCoverageData,
  { type, locations }: BranchMapping,
  position: Location | null,
): number[] | null {
  const alike = Object.entries(branchMap).filter(
    ([, other]) => other.type === type && other.locations.length === locations.length,
  );
  const id = nearest(
    alike.map(([key, { loc }]) => [key, loc.start]),
    position,
  );
  return id === null ? null : (b[id] ?? null);
}

/** Returns the hits of a branch that only the other compiler has. */
function sideHits(
  file: FileCoverageData,
  branch: BranchMapping,
  side: number,
  hitsAt: (position: Location) => number,
): number {
  const start = sideStart(file, branch, side);
  if (start) return hitsAt(start);
  // A missing `else` has no position: it is taken when the other side is not.
  const then = sideStart(file, branch, 0);
  return then ? Math.max(0, hitsAt(branch.loc.start) - hitsAt(then)) : 0;
}

/**
 * Returns the start of a side: the first statement of a block or case, because istanbul's location for the first side of an `if` is the
 * whole `if`.
 */
function sideStart(
  { statementMap }: FileCoverageData,
  { type, loc, locations }: BranchMapping,
  side: number,
): Location | null {
  const range = locations[side];
  if (range?.start?.line === undefined) return null;
  if (type !== 'if' && type !== 'switch') return range.start;
  const [first] = Object.values(statementMap)
    .map(({ start }) => start)
    .filter((start) => contains(range, start) && compare(start, loc.start) > 0)
    .sort(compare);
  return first ?? range.start;
}

function nearest(places: readonly [string, Location][], position: Location | null): string | null {
  if (!position) return null;
  const distance = (place: Location): number => Math.abs(place.column - position.column);
  const [first] = places
    .filter(([, place]) => place.line === position.line)
    .sort(([, a], [, b]) => distance(a) - distance(b));
  return first?.[0] ?? null;
}

const contains = ({ start, end }: Range, position: Location): boolean =>
  compare(start, position) <= 0 && compare(position, end) < 0;

const compare = (a: Location, b: Location): number => a.line - b.line || a.column - b.column;
