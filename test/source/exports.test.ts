import { exportsOf } from '../../src/source/exports';
import { parseSource } from '../../src/source/parse';

function exportsIn(text: string, name = 'order'): unknown[] {
  const { program } = parseSource(text, 'index.ts')!;
  return exportsOf(name, { path: '/shop/index.ts', program }).map((one) =>
    'node' in one ? text.slice(...one.node.range) : one,
  );
}

describe('exportsOf', () => {
  it.each([
    ['export const order = 1;', ['order']],
    ['export async function order() {}', ['order']],
    ['const o = 1; export { o as order };', ['o']],
    ['exports.order = 1;', ['1']],
    ['module.exports.order = 1;', ['1']],
    ['module.exports = { order: 1 };', ['1']],
    ["export { o as order } from './o';", [{ specifier: './o', name: 'o' }]],
    [
      "export * from './a'; export * from './b';",
      ['./a', './b'].map((specifier) => ({ specifier, name: 'order' })),
    ],
    ["export * as order from './o';", []],
    ['const order = 1;', []],
  ])('reads %s', (text, expected) => {
    expect(exportsIn(text)).toEqual(expected);
  });

  it('reads the default export', () => {
    expect(exportsIn('export default run();', 'default')).toEqual(['run()']);
  });
});
