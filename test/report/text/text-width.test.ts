import { oneLine, printable } from '../../../src/util/printable';
import { cutToWidth, fitToWidth, widthOf } from '../../../src/report/text/text-width';

describe('cutToWidth', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['much too long', 6, 'much …'],
    ['配送注文', 5, '配送…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3, '👩‍👩‍👧‍👦…'],
    ['anything', 1, '…'],
    ['anything', 0, ''],
  ])('cuts %s to %d columns', (text, width, expected) => {
    expect(cutToWidth(text, width)).toBe(expected);
  });

  it('cuts a text of a million wide characters', () => {
    expect(widthOf(cutToWidth('注'.repeat(1_000_000), 20))).toBe(19);
  });
});

describe('fitToWidth', () => {
  it('pads with spaces', () => {
    expect(fitToWidth('注文', 6)).toBe('注文  ');
  });
});

describe('printable', () => {
  it('replaces control characters and marks of reading direction', () => {
    expect(printable('a\u001b]0;title\u0007\u009b\r\u202eb\u2066')).toBe('a�]0;title����b�');
  });

  it('keeps line breaks, which oneLine removes', () => {
    expect(printable('a\n  b')).toBe('a\n  b');
    expect(oneLine(' a\r\n  b\tc\u0000 ')).toBe('a b c�');
  });
});
