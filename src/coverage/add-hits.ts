import type { BranchMapping, FileCoverageData, Location, Range } from 'istanbul-lib-coverage';

/** Where a position of the instrumented code is in the source; null where it is nowhere. */
export type ToSource = (position: Location) => Location | null;

/**
 * Adds the hits of a file to counters of the same file that another build of it has, by place: the two compilers need not
 * agree on what a statement is, so each counter gets the hits of the code at its start.
 *
 * @param target changed in place
 * @param toSource for the places of `target`; those of `hits` are in the source
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

/** Of the innermost statement there; what a compiler adds for an export stands at a name and counts as what it names. */
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

/** Of the function that begins nearest on the same line. */
function functionHits({ fnMap, f }: FileCoverageData, position: Location | null): number {
  const id = nearest(
    Object.entries(fnMap).map(([key, { decl }]) => [key, decl.start]),
    position,
  );
  return id === null ? 0 : (f[id] ?? 0);
}

/** Of the branch of the same kind, with as many sides, that begins nearest on the same line. */
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

/** Of a branch that only the other compiler has. */
function sideHits(
  file: FileCoverageData,
  branch: BranchMapping,
  side: number,
  hitsAt: (position: Location) => number,
): number {
  const start = sideStart(file, branch, side);
  if (start) return hitsAt(start);
  // An `else` that is not written has no place: it is taken where the other side isn't.
  const then = sideStart(file, branch, 0);
  return then ? Math.max(0, hitsAt(branch.loc.start) - hitsAt(then)) : 0;
}

/** Of blocks and cases it is their first statement; istanbul's place for what follows an `if` is all of it. */
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
