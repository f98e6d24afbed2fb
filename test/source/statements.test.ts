import { findFunction } from '../../src/source/functions';
import { type Node, parseSource } from '../../src/source/parse';
import type { Position } from '../../src/source/place';
import { isFollowedByCode, statementAt } from '../../src/source/statements';

const programOf = (text: string): Node => parseSource(text, 'flow.ts')!.program;

/** Returns the position of `^` in a text, and the program without it. */
function marked(text: string): { root: Node; at: Position; plain: string } {
  const before = text.slice(0, text.indexOf('^')).split('\n');
  const plain = text.replace('^', '');
  return { root: programOf(plain), at: { line: before.length, column: before.at(-1)!.length + 1 }, plain };
}

describe('statementAt', () => {
  it.each([
    ['function f() { a(); await ^b(); }', 'await b();', 1],
    ['switch (x) { case 1: a(); ^b(); }', 'b();', 1],
    ['const f = async () => ^b();', 'const f = async () => b();', 0],
  ])('returns the statement of a list in %s', (text, expected, index) => {
    const { root, at, plain } = marked(text);

    const found = statementAt(root, at)!;

    expect([plain.slice(...found.statement.range), found.index]).toEqual([expected, index]);
  });

  it('returns null outside of any statement', () => {
    expect(statementAt(programOf('a();'), { line: 9, column: 1 })).toBeNull();
  });
});

describe('isFollowedByCode', () => {
  it.each([
    ['function f() { if (x) { ^return; } b(); }', true],
    ['function f() { a(); ^return; } b();', false],
    ['function f() { g(() => { ^return; }); b(); }', false],
  ])('tells it for %s: %s', (text, expected) => {
    const { root, at } = marked(text);

    expect(isFollowedByCode(root, at)).toBe(expected);
  });
});

describe('findFunction', () => {
  it.each([
    ['export async function flow() {}', { line: 1, column: 23 }],
    ['\nconst flow = async () => {};', { line: 2, column: 7 }],
    ['let flow;', null],
    ['flow();', null],
  ])('finds the definition in %j', (text, expected) => {
    expect(findFunction(programOf(text), 'flow')).toEqual(expected);
  });
});
