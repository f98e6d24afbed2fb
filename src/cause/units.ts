import type { FileHunk } from '../model/cause';
import type { SourceLocation } from '../model/source';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { pathTo } from '../source/statements';
import { holdsLine, isCode, isImport, linesNow } from './code-lines';

/** Changed passages that are taken back together. */
export type Unit = readonly FileHunk[];

/** Number of unchanged lines up to which two changed passages are one unit. */
const NEAR = 3;

/** The sources that changes are weighed with. */
export interface UnitSources {
  textOf(file: string): string | null;
  syntaxOf(file: string): { program: Node } | null;
}

/** Returns the changes as units, without those that change comments and blank lines only. */
export function unitsOf(hunks: readonly FileHunk[], sources: UnitSources): Unit[] {
  const units: FileHunk[][] = [];
  for (const hunk of hunks.filter((each) => changedLines(each, sources).some(isCode))) {
    const last = units.at(-1)?.at(-1);
    const isNear = last?.file === hunk.file && hunk.line - (last.line + last.count) <= NEAR;
    if (isNear) units.at(-1)!.push(hunk);
    else units.push([hunk]);
  }
  return units;
}

/** Returns the lines of a passage before and after its change. */
export function changedLines(hunk: FileHunk, sources: UnitSources): string[] {
  return [...hunk.before, ...linesOf(hunk, sources)];
}

/** Returns the lines of a passage as they are now. */
export const linesOf = (hunk: FileHunk, { textOf }: UnitSources): string[] =>
  linesNow(hunk, textOf(hunk.file)?.split('\n') ?? []);

/** The calls and names that a difference is about. */
export interface Traits {
  /** The place of the difference and its callers, innermost first. Files are absolute paths. */
  places: readonly SourceLocation[];
  /** Names of the commands that differ. */
  names: readonly string[];
}

/** Returns units with the likeliest cause of any difference first. */
export function byLikelihood(
  units: readonly Unit[],
  traits: readonly Traits[],
  sources: UnitSources,
): Unit[] {
  const cost = (unit: Unit): number =>
    Math.min(...traits.flatMap((each) => unit.map((hunk) => costOf(hunk, each, sources))));
  return units
    .map((unit) => ({ unit, cost: cost(unit) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ unit }) => unit);
}

const IN_FUNCTION = 20;
const IN_FILE = 40;
const ELSEWHERE = 60;
const NAMED = -15;
const HARDLY_CODE = 50;

/** Returns how far a change is from a difference. */
function costOf(hunk: FileHunk, { places, names }: Traits, sources: UnitSources): number {
  const at = places.findIndex(({ file, line }) => file === hunk.file && holdsLine(hunk, line));
  if (at !== -1) return at;
  const changed = changedLines(hunk, sources).filter(isCode);
  const isNamed = changed.some((line) => names.some((name) => line.includes(name)));
  const isHardlyCode = changed.every(
    (line) => isImport(line) || /^\s*(export\s+)?(type|interface)\b/.test(line),
  );
  return distanceOf(hunk, places, sources) + (isNamed ? NAMED : 0) + (isHardlyCode ? HARDLY_CODE : 0);
}

function distanceOf(hunk: FileHunk, places: readonly SourceLocation[], { syntaxOf }: UnitSources): number {
  const inFile = places.findIndex(({ file }) => file === hunk.file);
  if (inFile === -1) return ELSEWHERE;
  const syntax = syntaxOf(hunk.file);
  const inFunction = places.findIndex((place) => {
    const scope = place.file === hunk.file && syntax && pathTo(syntax.program, place).findLast(isFunction);
    return scope && scope.loc.start.line <= hunk.line && hunk.line <= scope.loc.end.line;
  });
  return inFunction === -1 ? IN_FILE + inFile : IN_FUNCTION + inFunction;
}
