import { parseSource } from '../../src/source/parse';

describe('parseSource', () => {
  it.each([
    ['a.ts', 'const a = <T>b;'],
    ['a.tsx', 'const a = <p>{b as string}</p>;'],
    ['a.js', 'const a = <p />;'],
    ['a.mts', 'class A { constructor(@inject() private b: B) {} }'],
    ['a.cjs', '#!/usr/bin/env node\nreturn require("a");'],
  ])('accepts the syntax of %s: %s', (file, text) => {
    expect(parseSource(text, file)?.errors).toEqual([]);
  });

  it('makes ESTree of literals, members and optional chains', () => {
    const { program } = parseSource("a?.['b'];", 'a.ts')!;

    expect(program.body[0]).toMatchObject({
      expression: { type: 'ChainExpression', expression: { property: { type: 'Literal', value: 'b' } } },
    });
  });

  it('tells the errors that it passed over', () => {
    expect(parseSource('const a = 1; const a = 2;', 'a.ts')?.errors).toHaveLength(1);
  });

  it('returns null for text that is no code', () => {
    expect(parseSource('const = ;', 'a.ts')).toBeNull();
  });
});
