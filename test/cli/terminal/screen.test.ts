import { wantsColor, widthOf } from '../../../src/cli/terminal/screen';

describe('a report', () => {
  it.each([
    ['has colors on a terminal', {}, true, true],
    ['has no colors elsewhere', {}, false, false],
    ['has no colors on a dumb terminal', { TERM: 'dumb' }, true, false],
    ['has no colors with NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['ignores an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['has colors anywhere with FORCE_COLOR', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
    ['has no colors with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['ignores an empty FORCE_COLOR', { FORCE_COLOR: '' }, false, false],
    ['has no colors with both NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('%s', (_, env, isTerminal, wanted) => {
    expect(wantsColor(env, isTerminal)).toBe(wanted);
  });
});

describe('the width of a report', () => {
  it.each([
    ['is that of the terminal', 72, { COLUMNS: '100' }, { columns: 72 }],
    ['is COLUMNS where there is no terminal', undefined, { COLUMNS: '100' }, { columns: 100 }],
    ['is not limited without either', undefined, {}, {}],
    ['is not limited by a terminal of unknown size', 0, {}, {}],
    ['is not limited by a COLUMNS that is no width', undefined, { COLUMNS: 'wide' }, {}],
  ])('%s', (_, columns, env, expected) => {
    expect(widthOf(columns, env)).toEqual(expected);
  });
});
