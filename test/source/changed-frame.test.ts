import { changedFrame } from '../../src/source/changed-frame';

const TEXT = ['a', 'b', 'c', 'd', 'e', 'f', 'g', ''].join('\n');

describe('changedFrame', () => {
  it('shows the lines before and after a change between their neighbours', () => {
    expect(changedFrame(TEXT, { line: 3, count: 1, before: ['x', 'y'] }).split('\n')).toEqual([
      '  1 | a',
      '  2 | b',
      '-   | x',
      '-   | y',
      '+ 3 | c',
      '  4 | d',
      '  5 | e',
      '  6 | f',
    ]);
  });

  it('shows removed lines where they stood', () => {
    expect(
      changedFrame(TEXT, { line: 1, count: 0, before: ['x'] })
        .split('\n')
        .slice(0, 3),
    ).toEqual(['  1 | a', '-   | x', '  2 | b']);
  });

  it('shortens long changes', () => {
    const before = Array.from({ length: 30 }, (_, n) => `old ${n}`);

    const frame = changedFrame(TEXT, { line: 1, count: 0, before }).split('\n');

    expect(frame).toContain('- … 18 more lines');
    expect(frame.length).toBeLessThan(20);
  });
});
