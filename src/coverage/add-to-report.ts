import type { FileCoverageData, Range } from 'istanbul-lib-coverage';
import { addHitsByPlace } from './add-hits';

/** Of istanbul's coverage map what each copy of the package has; its files are in terms of the source. */
export interface ReportMap {
  files(): string[];
  fileCoverageFor(path: string): { toJSON(): FileCoverageData };
  filter(isKept: (path: string) => boolean): void;
  merge(files: Record<string, FileCoverageData>): void;
}

/** Adds what workflows ran of a file to a test runner's report, which has one entry for the file then. */
export function addToReport(report: ReportMap, hits: FileCoverageData): void {
  const { path } = hits;
  const sum = report.files().includes(path)
    ? withWorkflowHits(structuredClone(report.fileCoverageFor(path).toJSON()), hits)
    : hits;
  report.filter((other) => other !== path);
  report.merge({ [path]: sum });
}

/**
 * What a runner and workflows ran of one file. The runner's counters stay, with its own way to leave out code; but lines
 * alone can't say which branch was taken.
 *
 * @param own may be changed
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

/** As v8-to-istanbul writes it: a statement is a line, and a branch is any block that V8 has a count for. */
const countsLines = ({ statementMap, branchMap }: FileCoverageData): boolean =>
  Object.values(statementMap).every(({ start }) => start.column === 0) &&
  Object.values(branchMap).every(({ type }) => type === 'branch');

/** With functions and blocks as statements: within a line they know more than the line does. */
function withBlocks(lines: FileCoverageData): FileCoverageData {
  const blocks = [
    // Not from where it begins: the statement that makes the function is there.
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
