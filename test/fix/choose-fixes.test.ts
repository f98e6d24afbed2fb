import { type Fix, compatibleFixes, fixesIn } from '../../src/fix/choose-fixes';
import type { FailureGroup, Remedy } from '../../src/model/diagnosis';
import type { DiagnosedResult } from '../../src/model/report';
import type { SourceEdit } from '../../src/model/source';
import { reportOf, resultOf } from '../gate/baseline/reports';

const edit = (file: string, startLine: number, endLine = startLine): SourceEdit => ({
  file,
  startLine,
  endLine,
  replacement: 'x',
});

const remedy = (
  outcome: 'passed' | 'failed' | null,
  edits: SourceEdit[] = [edit('a.ts', 1)],
  code: Remedy['code'] = 'patch',
): Remedy => ({
  code,
  title: 'patch',
  text: '',
  snippet: null,
  edits,
  trial:
    outcome === 'passed'
      ? { outcome, mended: 1, unchanged: 0, newRun: 'same' }
      : outcome && { outcome, tried: 1 },
});

const group = (results: number[], ...remedies: Remedy[]): FailureGroup =>
  ({ results, remedies }) as unknown as FailureGroup;

const withGroups = (results: DiagnosedResult[], groups: FailureGroup[]) => ({
  ...reportOf(...results),
  groups,
});

describe('the fixes in a report', () => {
  it('are the first changes of failing causes whose trial passed', () => {
    const [failed, passed] = [remedy('failed', []), remedy('passed')];
    const causes = [group([0], failed, passed), group([1], failed)];
    const report = withGroups([resultOf('a', 'incompatible'), resultOf('b', 'failed')], causes);

    expect(fixesIn(report, {})).toEqual({
      fixes: [{ group: causes[0], remedy: passed }],
      unfixable: [causes[1]],
    });
  });

  it.each([
    [
      'a cause that the baseline accepts',
      { ...resultOf('a', 'incompatible'), accepted: { reason: 'r', expires: null } },
      {},
    ],
    ['drift without --strict', resultOf('a', 'drifted'), {}],
    ['runs that were stuck before', { ...resultOf('a', 'incompatible'), existing: { eventId: 3 } }, {}],
  ] as [string, DiagnosedResult, object][])('leave out %s', (_, result, options) => {
    const report = withGroups([result], [group([0], remedy('passed'))]);

    expect(fixesIn(report, options)).toEqual({ fixes: [], unfixable: [] });
  });

  it('include drift with --strict', () => {
    const report = withGroups([resultOf('a', 'drifted')], [group([0], remedy('passed'))]);

    expect(fixesIn(report, { strict: true }).fixes).toHaveLength(1);
  });
});

describe('fixes that can be made together', () => {
  const fix = (...edits: SourceEdit[]): Fix => ({ group: group([]), remedy: remedy('passed', edits) });

  it('edit other files, or lines that do not touch', () => {
    const fixes = [fix(edit('a.ts', 1)), fix(edit('b.ts', 1)), fix(edit('a.ts', 3))];

    expect(compatibleFixes(fixes)).toEqual(fixes);
  });

  it.each([
    ['the same line', edit('a.ts', 5)],
    ['the next line', edit('a.ts', 8)],
    ['an insertion right after', edit('a.ts', 8, 7)],
  ])('do not include one that edits %s', (_, other) => {
    const [first, second] = [fix(edit('a.ts', 5, 7)), fix(other)];

    expect(compatibleFixes([first, second])).toEqual([first]);
  });
});
