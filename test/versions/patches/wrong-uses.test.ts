import { wrongUsesOf } from '../../../lib/versions/patches/wrong-uses';
import { callsInCode } from './calls-in-code';

const PATH = '/src/workflows.ts';

/** Returns `line kind` of each wrong use of the patch `fee` in a text. */
function usesIn(text: string, { bothWays = 0, beforeMarker = 0, switchedOff = 0 } = {}): string[] {
  const calls = callsInCode(PATH, text);
  return wrongUsesOf(calls, { bothWays, beforeMarker, switchedOff }).map(
    ({ kind, place }) => `${place?.line} ${kind}`,
  );
}

describe('wrongUsesOf', () => {
  it.each([
    ['the top of a module', `const isNew = patched('fee');`, ['1 no marker']],
    [
      'a query handler',
      `const status = defineQuery('status');\nasync function order() {\n setHandler(status, () => patched('fee') ? 1 : 2);\n}`,
      ['3 no marker'],
    ],
    [
      'a validator',
      `async function order() {\n setHandler(pay, async () => {}, { validator: () => { if (patched('fee')) throw 1; } });\n}`,
      ['2 no marker'],
    ],
    [
      'a loop',
      `async function order() {\n for (const x of xs) {\n if (patched('fee')) await y();\n }\n}`,
      ['3 loop'],
    ],
    ['a condition', `async function order() {\n await condition(() => patched('fee'));\n}`, ['2 callback']],
    [
      'a catch of a promise',
      `async function order() {\n await pay().catch(() => patched('fee'));\n}`,
      ['2 callback'],
    ],
    [
      'both functions',
      `async function order() {\n patched('fee');\n deprecatePatch('fee');\n}`,
      ['2 both calls'],
    ],
  ])('names a call in %s', (_, text, expected) => {
    expect(usesIn(text)).toEqual(expected);
  });

  it.each([
    ['a signal handler', `async function order() { setHandler(pay, () => { if (patched('fee')) x(); }); }`],
    ['the start of a loop', `async function order() { for (const x of patched('fee') ? a : b) await y(); }`],
    ['a helper', `const helper = () => patched('fee'); async function order() { helper(); }`],
    [
      'a function that is called at once',
      `async function order() { await scope.run(async () => patched('fee')); }`,
    ],
  ])('does not mind a call in %s', (_, text) => {
    expect(usesIn(text)).toEqual([]);
  });

  it('names a call that runs come to before the task of their marker, unless a loop explains it', () => {
    const text = `async function order() {\n const isNew = patched('fee');\n}`;

    expect(usesIn(text, { beforeMarker: 1 })).toEqual(['2 before its marker']);
    expect(usesIn(`async function order() {\n while (x) patched('fee');\n}`, { beforeMarker: 1 })).toEqual([
      '2 loop',
    ]);
    expect(usesIn(text, { bothWays: 1 })).toEqual(['2 loop']);
    expect(usesIn(text, { switchedOff: 1 })).toEqual(['2 switched off']);
  });
});
