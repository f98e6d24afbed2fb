import { diffSequences } from '../../../src/replay/verdict/sequence-diff';

const of = (...names: string[]) => names.map((name) => ({ key: name.replace(/:.*/, ''), content: name }));
const steps = (recorded: string[], produced: string[]): string[] =>
  diffSequences(of(...recorded), of(...produced)).map((step) =>
    step.op === 'same'
      ? `=${step.recorded.content}`
      : step.op === 'removed'
        ? `-${step.recorded.content}`
        : `+${step.produced.content}`,
  );

describe('diffSequences', () => {
  it.each<[string, string[], string[], string[]]>([
    ['nothing', ['a', 'b'], ['a', 'b'], ['=a', '=b']],
    ['one too many', ['a', 'b'], ['a', 'x', 'b'], ['=a', '+x', '=b']],
    ['one too few', ['a', 'b', 'c'], ['a', 'c'], ['=a', '-b', '=c']],
    ['another in its place', ['a', 'b', 'c'], ['a', 'x', 'c'], ['=a', '-b', '+x', '=c']],
    ['all of one side', [], ['a'], ['+a']],
  ])('finds %s', (_, recorded, produced, expected) => {
    expect(steps(recorded, produced)).toEqual(expected);
  });

  it('matches equal contents, so that the first of two timers is the removed one', () => {
    expect(steps(['timer:16ms', 'timer:1s', 'child'], ['timer:1s', 'child'])).toEqual([
      '-timer:16ms',
      '=timer:1s',
      '=child',
    ]);
  });

  it('matches a command of the same key if only its content differs', () => {
    expect(steps(['a', 'timer:1s', 'b'], ['a', 'timer:2s', 'b'])).toEqual(['=a', '=timer:1s', '=b']);
  });

  it('does not compare what lies far beyond the first difference', () => {
    const long = Array.from({ length: 50_000 }, (_, i) => `step${i}`);

    expect(steps(long, ['x', ...long]).slice(0, 2)).toEqual(['+x', '=step0']);
  });
});
