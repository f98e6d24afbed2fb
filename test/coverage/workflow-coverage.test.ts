import { patchCoverage } from '../../lib/coverage/workflow-coverage';

describe('patchCoverage', () => {
  it('names the decision that was never taken, and includes ids that are computed', () => {
    const place = { file: '/w.ts', line: 1, column: 1 };
    const calls = ['both', 'new', 'never'].map((id) => ({ id, ...place }));

    const decisions = new Map([
      ['both', { true: 1, false: 2 }],
      ['new', { true: 3, false: 0 }],
      ['computed', { true: 0, false: 1 }],
    ]);
    const patches = patchCoverage(calls, decisions);

    expect(patches.map(({ id, calls: places, neverTaken }) => [id, places.length, neverTaken])).toEqual([
      ['both', 1, 'none'],
      ['computed', 0, 'true'],
      ['never', 1, 'both'],
      ['new', 1, 'false'],
    ]);
  });
});
