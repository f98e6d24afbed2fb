import { createContext, runInContext } from 'node:vm';
import { transformSync } from '@swc/core';
import { instrument } from '../../lib/coverage/instrument';

const SOURCE = `import type { Order } from './types';
enum Kind { Small, Large }

export const kindOf = (cents: number): Kind => (cents > 100 ? Kind.Large : Kind.Small);

export async function order(input?: Order & { note?: string | null }): Promise<string> {
  if (input?.note == null) {
    return 'none';
  }
  return input.note ?? 'never';
}
`;

/** Counters as instrumented code leaves them after `code` has run in its module. */
function run(source: string, code: string) {
  const { code: instrumented, data } = instrument(source, '/service/order.ts', null);
  const compiled = transformSync(instrumented, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2017' },
    module: { type: 'commonjs' },
  }).code;
  const globals = { __temporalReplayCoverage__: {} as Record<string, typeof data>, exports: {} };
  runInContext(`${compiled}\n${code}`, createContext(globals));
  return { data, counted: globals.__temporalReplayCoverage__['/service/order.ts']! };
}

describe('instrumented TypeScript', () => {
  it('counts lines of the source as written', () => {
    const { counted } = run(SOURCE, 'order({ note: "hi" })');

    const lines = Object.entries(counted.s).map(([id, hits]) => [counted.statementMap[id]!.start.line, hits]);
    expect(Object.fromEntries(lines)).toEqual({ 4: 0, 7: 1, 8: 0, 10: 1 });
  });

  it('counts branches of the source, and none that a compiler adds for `?.`', () => {
    const { data } = run(SOURCE, '');

    const branches = Object.values(data.branchMap).map(({ type, loc }) => `${loc.start.line} ${type}`);
    expect(branches).toEqual(['4 cond-expr', '7 if', '10 binary-expr']);
  });

  it('keeps its counters under the hash of the instrumenter', () => {
    const { data, counted } = run(SOURCE, '');

    expect(counted.hash).toBe(data.hash);
  });

  it('keeps function names, which are the workflow types', () => {
    const { counted } = run(
      SOURCE,
      'exports.names = [kindOf.name, order.name].join(); if (exports.names !== "kindOf,order") throw new Error(exports.names);',
    );

    expect(counted).toBeDefined();
  });
});

describe('instrumented JavaScript', () => {
  it('keeps the source map to the code it was compiled from', () => {
    const map = { version: 3, sources: ['order.ts'], names: [], mappings: 'AAAA' };

    const { data } = instrument('const a = 1;', '/service/order.js', map);

    expect(data.inputSourceMap).toMatchObject({ sources: ['order.ts'] });
  });

  it('may be a script that is not an ES module', () => {
    const { data } = instrument('var await = 1; exports.a = await;', '/service/order.js', null);

    expect(Object.keys(data.s)).toHaveLength(2);
  });
});
