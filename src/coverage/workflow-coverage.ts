import type { CoverageMap, FileCoverage } from 'istanbul-lib-coverage';
import type { PatchDecisions } from '../model/patches';
import type { Place } from '../source/place';

/** Coverage of the workflow code by histories. Lines and columns count from 1. */
export interface WorkflowCoverage {
  /** Absolute path of the report in lcov's format. */
  lcov: string;
  /** Sorted by path. */
  files: FileCoverageSummary[];
  /** All patch ids of the code, sorted. */
  patches: PatchCoverage[];
}

export interface FileCoverageSummary {
  /** Absolute path of the source. */
  file: string;
  lines: Ratio;
  branches: Ratio;
  /** Ranges of lines that no history runs, inclusive. */
  unrunLines: [first: number, last: number][];
  /** Branches on covered lines with a side that no history takes. */
  untakenBranches: UntakenBranch[];
}

export interface Ratio {
  covered: number;
  total: number;
}

export interface UntakenBranch {
  line: number;
  column: number;
  /** Istanbul's branch type: `if`, `cond-expr`, `switch`, `binary-expr`, `default-arg`. */
  kind: string;
  /** The side that is never taken: `else`, `true side`, `case on line 7`, `operand 2`. */
  side: string;
}

/** A call of `patched()` with a static id. */
type PlacedPatch = Place & { id: string };

export interface PatchCoverage {
  id: string;
  /** Locations of `patched()` calls with this id; empty if the id is computed. */
  calls: { file: string; line: number; column: number }[];
  /** Number of times `patched()` returned each value. `true` runs the code with the patch, `false` the code before it. */
  decisions: PatchDecisions;
  neverTaken: 'none' | 'true' | 'false' | 'both';
}

/** Returns the summary of each file, sorted by path. */
export function summarize(map: CoverageMap): FileCoverageSummary[] {
  return map
    .files()
    .sort()
    .map((path) => summaryOf(map.fileCoverageFor(path)));
}

function summaryOf(file: FileCoverage): FileCoverageSummary {
  const { lines, branches } = file.toSummary();
  const hits = file.getLineCoverage();
  return {
    file: file.path,
    lines: ratioOf(lines),
    branches: ratioOf(branches),
    unrunLines: unrunRanges(hits),
    untakenBranches: untakenBranches(file).filter(({ line }) => hits[line] !== 0),
  };
}

const ratioOf = ({ covered, total }: Ratio): Ratio => ({ covered, total });

/** Returns the ranges of uncovered lines. A range includes lines without code between two of its lines. */
function unrunRanges(hits: Readonly<Record<string, number>>): [number, number][] {
  const ranges: [number, number][] = [];
  let isOpen = false;
  for (const line of Object.keys(hits)
    .map(Number)
    .sort((a, b) => a - b)) {
    const isUnrun = hits[line] === 0;
    if (isUnrun && isOpen) ranges.at(-1)![1] = line;
    else if (isUnrun) ranges.push([line, line]);
    isOpen = isUnrun;
  }
  return ranges;
}

function untakenBranches({ branchMap, b }: FileCoverage): UntakenBranch[] {
  return Object.entries(branchMap)
    .flatMap(([id, branch]) =>
      (b[id] ?? []).flatMap((hits, side) => {
        if (hits > 0) return [];
        const { line, column } = branch.loc.start;
        const own = branch.locations[side]?.start.line ?? line;
        return [{ line, column: column + 1, kind: branch.type, side: sideInWords(branch.type, side, own) }];
      }),
    )
    .sort((a, z) => a.line - z.line || a.column - z.column);
}

function sideInWords(type: string, side: number, line: number): string {
  switch (type) {
    case 'if':
      return side === 0 ? 'then' : 'else';
    case 'cond-expr':
      return side === 0 ? 'true side' : 'false side';
    case 'switch':
      return `case on line ${line}`;
    case 'default-arg':
      return 'default value';
    default:
      return `operand ${side + 1}`;
  }
}

/** Joins the `patched()` calls of the source with the decisions of the replays. */
export function patchCoverage(
  calls: readonly PlacedPatch[],
  decisions: ReadonlyMap<string, PatchDecisions>,
): PatchCoverage[] {
  const ids = [...new Set([...calls.map(({ id }) => id), ...decisions.keys()])].sort();
  return ids.map((id) => {
    const made = decisions.get(id) ?? { true: 0, false: 0 };
    const places = calls.filter((call) => call.id === id);
    return {
      id,
      calls: places.map(({ file, line, column }) => ({ file, line, column })),
      decisions: made,
      neverTaken: neverTaken(made),
    };
  });
}

function neverTaken(made: PatchDecisions): PatchCoverage['neverTaken'] {
  if (made.true === 0) return made.false === 0 ? 'both' : 'true';
  return made.false === 0 ? 'false' : 'none';
}
