import { linked, paintFor } from '../../../src/report/text/paint';
import { shownWidthOf, wrapped } from '../../../src/report/text/wrap';

describe('wrapped', () => {
  it('returns a text that fits as it is', () => {
    expect(wrapped('  a  b ', 10)).toEqual(['  a  b ']);
  });

  it('breaks between words', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three']);
  });

  it('keeps the indentation, and begins further lines with the hanging text', () => {
    expect(wrapped('  one two three', 9, '    ')).toEqual(['  one two', '    three']);
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrapped('an abcdefghijklmnop', 10)).toEqual(['an', 'abcdefghij', 'klmnop']);
  });

  it('counts wide characters as two columns', () => {
    expect(wrapped('日本語の 日本語の', 10)).toEqual(['日本語の', '日本語の']);
    expect(wrapped('日本語日本語', 8)).toEqual(['日本語日', '本語']);
  });

  it('counts no escape sequences, and breaks none', () => {
    const { red } = paintFor(true);
    const text = `${red('one')} ${linked('two', 'https://example.com/a/long/address')} three`;

    const lines = wrapped(text, 8);

    expect(lines.map(shownWidthOf)).toEqual([7, 5]);
    expect(lines.join(' ')).toBe(text);
  });

  it('keeps a number and its unit together', () => {
    expect(wrapped('done in 12 s now', 10)).toEqual(['done in', '12 s now']);
  });

  it('leaves some room beside an indentation that fills the line', () => {
    expect(wrapped('aaaa bbbb', 4, '      ')).toEqual(['aaaa bbbb'.slice(0, 9)]);
  });
});
