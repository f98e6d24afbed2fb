import { changedRuns } from '../../src/util/changed-runs';

describe('changedRuns', () => {
  it('returns nothing for equal texts', () => {
    expect(changedRuns(['a', 'b'], ['a', 'b'])).toEqual([]);
  });

  it('returns lines that go, come and are replaced, each with its place in both texts', () => {
    expect(changedRuns(['gone', 'a', 'b', 'old', 'c'], ['a', 'new 1', 'b', 'new 2', 'new 3', 'c'])).toEqual([
      { oldStart: 0, removed: ['gone'], newStart: 0, added: [] },
      { oldStart: 2, removed: [], newStart: 1, added: ['new 1'] },
      { oldStart: 3, removed: ['old'], newStart: 3, added: ['new 2', 'new 3'] },
    ]);
  });

  it('places lines that were added at the end behind the last one', () => {
    expect(changedRuns(['a'], ['a', 'b'])).toEqual([{ oldStart: 1, removed: [], newStart: 1, added: ['b'] }]);
  });
});
