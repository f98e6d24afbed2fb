import { wantsColor } from '../../../src/cli/terminal/screen';

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
