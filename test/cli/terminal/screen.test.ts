import { wantsColor } from '../../../src/cli/terminal/screen';

describe('colour', () => {
  it.each([
    ['on a terminal', {}, true, true],
    ['not elsewhere', {}, false, false],
    ['not on a terminal that is dumb', { TERM: 'dumb' }, true, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['as ever with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['with FORCE_COLOR, wherever it is', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['as ever with an empty FORCE_COLOR', { FORCE_COLOR: '' }, false, false],
    ['not with both', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('%s', (_, env, isTerminal, wanted) => {
    expect(wantsColor(env, isTerminal)).toBe(wanted);
  });
});
