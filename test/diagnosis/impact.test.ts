import { impactOf } from '../../src/diagnosis/impact';

describe('impactOf', () => {
  const group = { verdict: 'incompatible', kind: 'added', count: 3, openCount: 0, existingCount: 0 } as const;

  it.each([
    ['all ended', {}, /^All 3 runs had ended when fetched/],
    ['one of several open', { openCount: 1 }, /^1 of the 3 runs was open when fetched/],
    ['all open', { count: 2, openCount: 2 }, /^Both runs were open when fetched/],
    ['an endless loop', { kind: 'endless', openCount: 3 }, /blocks a worker until it times out/],
    [
      'all stuck already',
      { openCount: 3, existingCount: 3 },
      /^All 3 runs were stuck in this failure .* since\.$/,
    ],
    ['one stuck already', { openCount: 3, existingCount: 1 }, /^1 of the 3 runs was stuck .*be stuck after/],
    ['drift', { kind: 'drift', openCount: 3 }, /^Nothing gets stuck/],
    ['an invalid history', { verdict: 'invalid' }, /^Says nothing about the code/],
  ] as const)('describes %s', (_, change, expected) => {
    expect(impactOf({ ...group, ...change })).toMatch(expected);
  });
});
