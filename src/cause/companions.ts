import type { FileHunk } from '../model/cause';
import { isCode } from './code-lines';
import { type Unit, type UnitSources, linesOf } from './units';

/** A specifier of an import on a line of its own, or the last line of an import. */
const IN_IMPORT = /^\s*(type\s+)?[\w$]+(\s+as\s+[\w$]+)?\s*,?\s*$/;
const IMPORT = /^\s*(import\b|\}\s*from\b)/;
const SOURCE = /(?:\bfrom|^\s*import)\s*(['"])(.*?)\1/;
const DECLARATION = /\b(?:const|let|var|function\*?|class|enum)\s+([\w$]+)/g;

/**
 * Returns true for a change of imports whose removal alone has no effect: it only brings names back that the code before
 * the change may need.
 */
export function isCompanion(hunk: FileHunk, sources: UnitSources): boolean {
  const [before, now] = [hunk.before, linesOf(hunk, sources)].map((lines) => lines.filter(isCode)) as [
    string[],
    string[],
  ];
  if (before.length === 0) return false;
  if (![...before, ...now].every((line) => IMPORT.test(line) || IN_IMPORT.test(line))) return false;
  const sourcesBefore = sourcesIn(before);
  return sourcesIn(now).every((source) => sourcesBefore.includes(source));
}

const sourcesIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => SOURCE.exec(line)?.[2] ?? []);

/** Returns units with the other changes that they need: those that removed what the code before the unit refers to. */
export function withNeeded(units: readonly Unit[], sources: UnitSources): Unit[] {
  const declared = units.map((unit) => removedNames(unit, sources));
  const needs = (unit: Unit): number[] => {
    const text = unit.flatMap(({ before }) => before).join('\n');
    return units.flatMap((other, i) =>
      other !== unit &&
      declared[i]!.some((name) => new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`).test(text))
        ? [i]
        : [],
    );
  };
  return units.map((unit) => {
    const needed = new Set<Unit>([unit]);
    // The set grows while it is walked.
    for (const each of needed) for (const i of needs(each)) needed.add(units[i]!);
    return [...needed].flat();
  });
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');

/** Returns the names that a unit no longer declares. */
function removedNames(unit: Unit, sources: UnitSources): string[] {
  const [before, now] = [
    unit.flatMap((hunk) => hunk.before),
    unit.flatMap((hunk) => linesOf(hunk, sources)),
  ].map((lines) => [...lines.join('\n').matchAll(DECLARATION)].map(([, name]) => name!)) as [
    string[],
    string[],
  ];
  return before.filter((name) => !now.includes(name));
}
