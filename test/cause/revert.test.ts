import { textBefore, textsBefore } from '../../src/cause/revert';

const NOW = 'one\nnew\nthree\nadded\n';

describe('textBefore', () => {
  it('takes changed, removed and added lines back, in any order', () => {
    const text = textBefore(NOW, [
      { line: 2, count: 1, before: ['two'] },
      { line: 3, count: 0, before: ['four'] },
      { line: 4, count: 1, before: [] },
    ]);

    expect(text).toBe('one\ntwo\nthree\nfour\n');
  });

  it('puts lines back at the top of a file', () => {
    expect(textBefore('b\n', [{ line: 0, count: 0, before: ['a'] }])).toBe('a\nb\n');
  });
});

describe('textsBefore', () => {
  const code = 'export const f = (x: number) => {\n  if (x > 1) {\n    return 2;\n  }\n  return x;\n};\n';
  const file = '/app/f.ts';

  it('returns nothing for a part of a change whose code could not be parsed', () => {
    const head = { file, line: 2, count: 1, before: [] };
    const foot = { file, line: 4, count: 1, before: [] };

    expect(textsBefore([head], () => code)).toBeNull();
    expect(textsBefore([head, foot], () => code)?.get(file)).toContain('=> {\n    return 2;\n  return x;');
  });

  it('returns nothing for JSON that could not be parsed, and for a file that is not there', () => {
    const hunk = { file: '/app/a.json', line: 1, count: 1, before: ['{'] };

    expect(textsBefore([hunk], () => '{}')).toBeNull();
    expect(textsBefore([hunk], () => null)).toBeNull();
  });
});
