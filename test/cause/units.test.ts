import { unitsOf } from '../../src/cause/units';
import { parseSource } from '../../src/source/parse';

const sourcesOf = (text: string) => ({
  textOf: () => text,
  syntaxOf: () => parseSource(text, 'a.ts'),
});
const hunk = (line: number, count: number, ...before: string[]) => ({ file: 'a.ts', line, count, before });

describe('unitsOf', () => {
  it('joins changes that stand near each other', () => {
    const [a, b, c] = [hunk(1, 1, 'x'), hunk(4, 1, 'y'), hunk(12, 0, 'z')];

    expect(unitsOf([a, b, c], sourcesOf('code\n'.repeat(20)))).toEqual([[a, b], [c]]);
  });

  it('leaves out changes of comments and blank lines', () => {
    const text = '// new\n\n\n\n\n/** new */\n\n\n\n\n\n';

    expect(unitsOf([hunk(1, 1, '// old'), hunk(6, 1), hunk(10, 1, '')], sourcesOf(text))).toEqual([]);
  });
});
