import { createCoverageMap, type FileCoverageData, type Range } from 'istanbul-lib-coverage';
import { addToReport, type ReportMap } from '../../lib/coverage/add-to-report';
import { instrument } from '../../lib/coverage/instrument';

const SOURCE = `export function f(a: number) {
  if (a > 1) {
    return 1;
  }
  return a === 0 ? 2 : 3;
}
export const g = () => 4;
`;
const range = (...[line, column, endLine, endColumn]: [number, number, number, number]): Range => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});

/** Of a workflow that called `f` twice, with 5 and with 0. */
function hits(): FileCoverageData {
  const { data } = instrument(SOURCE, '/f.ts', null);
  data.s = { 0: 2, 1: 1, 2: 1, 3: 1, 4: 0 };
  data.f = { 0: 2, 1: 0 };
  data.b = { 0: [1, 1], 1: [1, 0] };
  return data;
}

/** Coverage as v8-to-istanbul writes it of a test that called `f` once, with 3 or with 7: it returned from the `if`. */
const lines = (): FileCoverageData => ({
  path: '/f.ts',
  statementMap: Object.fromEntries(
    SOURCE.trim()
      .split('\n')
      .map((line, index) => [index, range(index + 1, 0, index + 1, line.length)]),
  ),
  s: { 0: 1, 1: 1, 2: 1, 3: 1, 4: 0, 5: 0, 6: 1 },
  fnMap: {
    0: { name: 'f', line: 1, decl: range(1, 7, 6, 1), loc: range(1, 7, 6, 1) },
    1: { name: 'g', line: 7, decl: range(7, 17, 7, 24), loc: range(7, 17, 7, 24) },
  },
  f: { 0: 1, 1: 0 },
  branchMap: {
    0: { type: 'branch', line: 1, loc: range(1, 7, 6, 1), locations: [range(1, 7, 6, 1)] },
    1: { type: 'branch', line: 4, loc: range(4, 3, 6, 1), locations: [range(4, 3, 6, 1)] },
  },
  b: { 0: [1], 1: [0] },
});

const reportOf = (...files: FileCoverageData[]): ReportMap =>
  createCoverageMap(Object.fromEntries(files.map((file) => [file.path, file]))) as never;

describe('addToReport', () => {
  it('adds a file that the report lacks', () => {
    const report = reportOf();

    addToReport(report, hits());

    expect(report.files()).toEqual(['/f.ts']);
    expect(report.fileCoverageFor('/f.ts').toJSON()).toMatchObject({ f: { 0: 2, 1: 0 } });
  });

  it('keeps the counters of the report for a file, and adds the hits to them', () => {
    const own = hits();
    const kept = { 0: own.statementMap[0]!, 1: own.statementMap[1]! };
    const report = reportOf({ ...own, statementMap: kept, s: { 0: 1, 1: 1 } });

    addToReport(report, hits());

    expect(report.fileCoverageFor('/f.ts').toJSON()).toMatchObject({
      statementMap: kept,
      s: { 0: 3, 1: 2 },
      b: { 0: [2, 2], 1: [2, 0] },
    });
  });

  it('uses the counters of istanbul for a file with counters of lines, with the hits of lines and blocks', () => {
    const report = reportOf(lines());

    addToReport(report, hits());

    const { statementMap, s, f, b } = report.fileCoverageFor('/f.ts').toJSON();
    expect(statementMap).toEqual(hits().statementMap);
    expect(s).toEqual({ 0: 3, 1: 2, 2: 1, 3: 2, 4: 0 });
    expect(f).toEqual({ 0: 3, 1: 0 });
    expect(b).toEqual({ 0: [2, 1], 1: [1, 0] });
  });
});
