import type { FileCoverageData } from 'istanbul-lib-coverage';
import { addHitsByPlace } from '../../lib/coverage/add-hits';
import { instrument } from '../../lib/coverage/instrument';

const SOURCE = `export function f(a: number) {
  if (a > 1) return 1;
  return a === 0 ? 2 : 3;
}
`;
const counters = (): FileCoverageData => instrument(SOURCE, '/f.ts', null).data;

describe('addHitsByPlace', () => {
  it('adds hits to the counters of the other build at the same position', () => {
    const target = counters();
    const hits = counters();
    hits.s = { 0: 4, 1: 1, 2: 3 };
    hits.f = { 0: 4 };
    hits.b = { 0: [1, 3], 1: [1, 2] };

    addHitsByPlace(target, hits, (position) => position);
    addHitsByPlace(target, hits, (position) => position);

    expect(target.s).toEqual({ 0: 8, 1: 2, 2: 6 });
    expect(target.f).toEqual({ 0: 8 });
    expect(target.b).toEqual({ 0: [2, 6], 1: [2, 4] });
  });

  it('takes hits from the enclosing statement if the other build has no such statement or branch', () => {
    const range = { start: { line: 3, column: 9 }, end: { line: 3, column: 24 } };
    const target: FileCoverageData = {
      ...{ path: '/f.ts', fnMap: {}, f: {}, s: { 0: 0 }, statementMap: { 0: range } },
      ...{
        b: { 0: [0, 0] },
        branchMap: { 0: { type: 'if', loc: range, line: 3, locations: [range, range] } },
      },
    };
    const hits = counters();
    hits.s = { 0: 4, 1: 1, 2: 3 };

    addHitsByPlace(target, hits, (position) => position);

    expect(target.s).toEqual({ 0: 3 });
    expect(target.b).toEqual({ 0: [3, 3] });
  });

  it('counts a missing else as the executions without the other side', () => {
    const target = counters();
    const hits = counters();
    hits.s = { 0: 4, 1: 1, 2: 3 };

    addHitsByPlace(target, { ...hits, branchMap: {}, b: {} }, (position) => position);

    expect(target.b[0]).toEqual([1, 3]);
  });

  it('leaves counters without a position in the source unchanged', () => {
    const target = counters();
    const hits = counters();
    hits.s = { 0: 4, 1: 1, 2: 3 };

    addHitsByPlace(target, hits, () => null);

    expect(target.s).toEqual({ 0: 0, 1: 0, 2: 0 });
  });
});
