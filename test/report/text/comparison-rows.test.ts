import stringWidth from 'string-width';
import type { ComparisonRow } from '../../../src/model/diagnosis';
import { paintFor } from '../../../src/report/text/paint';
import { formatRows } from '../../../src/report/text/comparison-rows';
import { comparisonRow as row } from '../../helpers/comparison-row';

const format = (rows: ComparisonRow[], width = 100): string[] =>
  formatRows(rows, { width, paint: paintFor(false) });

const EVERY_OP = [
  row('same', 5, '`validate` activity', '`validate` activity'),
  row('drifted', 8, 'timer 30s', 'timer 1m'),
  row('renamed', 9, '`reserve` activity', '`reserveStock` activity', true),
  row('removed', 12, '`charge` activity', null),
  row('added', null, null, '`sendEmail` activity'),
  row('moved', 101, 'child `ship`', null),
  row('replaced', 104, 'timer 1 day', 'child `ship`'),
];

describe('formatRows', () => {
  it('shows both sides in columns, with a mark for the change and one for the divergence', () => {
    expect(format(EVERY_OP)).toEqual([
      '  event  recorded              current code',
      '      5  `validate` activity   `validate` activity',
      '      8  timer 30s           ~ timer 1m',
      '❯     9  `reserve` activity  → `reserveStock` activity',
      '     12  `charge` activity   -',
      '                             + `sendEmail` activity',
      '    101  child `ship`        ⇅',
      '    104  timer 1 day         ≠ child `ship`',
    ]);
  });

  it('shows both sides below each other on a narrow terminal', () => {
    expect(format(EVERY_OP, 40)).toEqual([
      '  event  - recorded, + current code',
      '      5    `validate` activity',
      '      8  - timer 30s',
      '         + timer 1m',
      '❯     9  - `reserve` activity',
      '         + `reserveStock` activity',
      '     12  - `charge` activity',
      '         + `sendEmail` activity',
      '    101  ⇅ child `ship`',
      '    104  - timer 1 day',
      '         + child `ship`',
    ]);
  });

  it('shows both sides below each other if a column would cut off the end in which two names differ', () => {
    const name = '`sendConfirmationOfTheOrderToTheCustomer';
    const lines = format([row('renamed', 9, `${name}ByMail\``, `${name}ByPost\``)], 80);

    expect(lines.slice(1)).toEqual([`      9  - ${name}ByMail\``, `         + ${name}ByPost\``]);
  });

  it('keeps the columns, and cuts rows that are the same on both sides', () => {
    const long = '`sendConfirmationOfTheOrderToTheCustomerByMail` activity';
    const [, first, second] = format([row('same', 5, long, long), row('removed', 8, 'timer 30s', null)], 80);

    expect(first).toMatch(/^ {6}5 {2}`sendConfirmation\S*… {3}`sendConfirmation\S*…$/);
    expect(second).toMatch(/^ {6}8 {2}timer 30s +-$/);
  });

  it('measures emoji and CJK characters as two columns', () => {
    const lines = format([
      row('renamed', 5, '`注文` activity', '`order` activity'),
      row('renamed', 8, '`👩‍👩‍👧‍👦🎉` activity', '`party` activity'),
    ]);

    const columns = lines.slice(1).map((line) => stringWidth(line.split('→')[0]!));
    expect(new Set(columns).size).toBe(1);
  });

  it('never exceeds the width', () => {
    const wide = '`配送注文🎉'.repeat(30);
    const rows = [...EVERY_OP, row('renamed', 120, wide, `${wide}!`), row('same', 130, wide, wide)];

    for (const width of [30, 60, 100]) {
      expect(format(rows, width).filter((line) => stringWidth(line) > width)).toEqual([]);
    }
  });

  it('replaces control characters in names', () => {
    const [, line] = format([row('removed', 5, '`a\u001b[31m\u202e\r\nb` activity', null)]);

    expect(line).toBe('      5  `a\ufffd[31m\ufffd b` activity -');
  });

  it('adds no escape codes without colour', () => {
    const paint = paintFor(true);

    expect(format(EVERY_OP).join('')).not.toContain('\u001b');
    expect(formatRows(EVERY_OP, { width: 100, paint })[4]).toContain(paint.red('`charge` activity  '));
  });

  it('returns nothing for no rows', () => {
    expect(format([])).toEqual([]);
  });
});
