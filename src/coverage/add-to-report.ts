import type { FileCoverageData, Range } from 'istanbul-lib-coverage';
import { addHitsByPlace } from './add-hits';

/** The part of istanbul's coverage map that all versions of the package have. Its positions are in the source. */
export interface ReportMap {
  files(): string[];
  fileCoverageFor(path: string): { toJSON(): FileCoverageData };
  filter(isKept: (path: string) => boolean): void;
  merge(files: Record<string, FileCoverageData>): void;
}

/** Adds the hits of workflows in a file to the file's entry in a test runner's report. */
export function addToReport(report: ReportMap, hits: FileCoverageData): void {
  const { path } = hits;
  const sum = report.files().includes(path)
    ? withWorkflowHits(structuredClone(report.fileCoverageFor(path).toJSON()), hits)
    : hits;
  report.filter((other) => other !== path);
  report.merge({ [path]: sum });
}

/**
 * Returns the coverage of a file by both the runner and workflows. The runner's counters are kept, because they follow its ignore
 * comments. Counters of lines (v8-to-istanbul) are added to those of istanbul instead, because lines do not show which branch was
 * taken.
 *
 * @param own may be changed in place
 */
export function withWorkflowHits(own: FileCoverageData, hits: FileCoverageData): FileCoverageData {
  if (!countsLines(own)) {
    addHitsByPlace(own, hits, (position) => position);
    return own;
  }
  const sum = structuredClone(hits);
  addHitsByPlace(sum, withBlocks(own), (position) => position);
  return sum;
}

/** Returns true for coverage of v8-to-istanbul: each statement is a line, and each branch a block that V8 has counted. */
const countsLines = ({ statementMap, branchMap }: FileCoverageData): boolean =>
  Object.values(statementMap).every(({ start }) => start.column === 0) &&
  Object.values(branchMap).every(({ type }) => type === 'branch');

/** Adds functions and blocks as statements, because they are more precise than lines. */
function withBlocks(lines: FileCoverageData): FileCoverageData {
  const blocks = [
    // Not at the start of the function, where the statement is that creates it.
    ...Object.entries(lines.fnMap).map(([id, { loc }]) => ({ loc: afterStart(loc), hits: lines.f[id] })),
    ...Object.entries(lines.branchMap).map(([id, { loc }]) => ({ loc, hits: lines.b[id]?.[0] })),
  ];
  const statementMap = { ...lines.statementMap };
  const s = { ...lines.s };
  for (const [index, { loc, hits }] of blocks.entries()) {
    statementMap[`block ${index}`] = loc;
    s[`block ${index}`] = hits ?? 0;
  }
  return { ...lines, statementMap, s };
}

const afterStart = ({ start, end }: Range): Range => ({
  start: { line: start.line, column: start.column + 1 },
  end,
});
