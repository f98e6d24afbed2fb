import type { ComparisonRow } from '../../../src/model/diagnosis';
import { type LaneRow, lanePicture, lanesTable } from '../../../src/report/html/lanes';
import { comparisonRow as row } from '../../helpers/comparison-row';

const rowsOf = (rows: ComparisonRow[]): LaneRow[] => lanePicture({ rows, kind: 'moved' })!.rows;

describe('lanePicture', () => {
  it('draws a missing command as a ghost in the right lane, and a new one in the left', () => {
    const [gone, fresh] = rowsOf([
      row('removed', 5, '`a` activity', null, true),
      row('added', null, null, 'timer 1 day'),
    ]);

    expect(gone).toMatchObject({
      recorded: { text: '`a` activity', isGhost: false },
      produced: { text: '`a` activity', isGhost: true, note: 'not issued' },
      ...{ word: 'gone', hasHead: true, isFirst: true },
    });
    expect(fresh).toMatchObject({
      recorded: { text: 'timer 1 day', isGhost: true, note: 'not recorded' },
      produced: { text: 'timer 1 day', isGhost: false },
      ...{ word: 'new', hasHead: true, isFirst: false },
    });
  });

  it('leads the arrow of a moved command from its recorded to its new row, past those between', () => {
    const [from, between, to] = rowsOf([
      row('moved', 5, '`label` activity', null, true),
      row('same', 11, '`pickup` activity', '`pickup` activity'),
      row('moved', null, null, '`label` activity'),
    ]);

    expect(from).toMatchObject({ paths: ['M0 50H48V100'], hasHead: false, produced: { isGhost: true } });
    expect(between).toMatchObject({ paths: [], passing: ['M48 0V100'] });
    expect(to).toMatchObject({ paths: ['M48 0V50H60'], hasHead: true });
    expect(to!.recorded.note).toBe('recorded as event 5');
  });

  it('leads the arrow up if the command comes earlier now', () => {
    const [to, from] = rowsOf([
      row('moved', null, null, '`label` activity', true),
      row('moved', 7, '`label` activity', null),
    ]);

    expect([to!.paths, from!.paths]).toEqual([['M48 100V50H60'], ['M0 50H48V0']]);
  });

  it('gives each moved command its own track, and pairs those of one name in their order', () => {
    const rows = rowsOf([
      row('moved', 5, '`a` activity', null, true),
      row('moved', 6, '`b` activity', null),
      row('moved', null, null, '`b` activity'),
      row('moved', null, null, '`a` activity'),
    ]);

    expect(rows.map(({ paths }) => paths[0])).toEqual([
      'M0 50H48V100',
      'M0 50H53V100',
      'M53 0V50H60',
      'M48 0V50H60',
    ]);
  });

  it('does without an arrow where the other half of a move is not among the rows', () => {
    const [only] = rowsOf([row('moved', 5, '`a` activity', null, true)]);

    expect(only).toMatchObject({ paths: ['M0 50H60'], produced: { note: 'issued elsewhere' } });
  });

  it('ends with the error where the code throws, after the last commands that match', () => {
    const same = Array.from({ length: 6 }, (_, i) => row('same', i + 1, `timer ${i}s`, `timer ${i}s`));

    const { rows, eventIds } = lanePicture({ rows: same, kind: 'threw' })!;

    expect(rows).toHaveLength(5);
    expect(eventIds).toEqual([3, 4, 5, 6, null]);
    expect(rows.at(-1)).toMatchObject({ op: 'end', isFirst: true, produced: { text: 'the code throws' } });
  });

  it('shows the commands that were due when the code threw, and the class of the error', () => {
    const due = [
      { eventId: 9, words: 'memo' },
      { eventId: 10, words: '`reserve` activity' },
    ];

    const { rows, eventIds } = lanePicture({ rows: [], kind: 'threw', due, errorType: 'TypeError' })!;

    expect(eventIds).toEqual([9, 10]);
    expect(rows[0]).toMatchObject({
      recorded: { text: 'memo' },
      produced: { text: 'the code throws TypeError' },
    });
    expect(rows[1]).toMatchObject({
      op: 'missed',
      recorded: { text: '`reserve` activity', isGhost: false },
      produced: { isGhost: true, note: 'not reached' },
    });
  });

  it('is not there if nothing differs and the code goes on', () => {
    expect(lanePicture({ rows: [row('same', 5, 'timer 1s', 'timer 1s')], kind: 'refused' })).toBeNull();
    expect(lanePicture({ rows: [], kind: null })).toBeNull();
  });
});

describe('lanesTable', () => {
  it('can be read without seeing it, and escapes what a history holds', () => {
    const picture = lanePicture({ rows: [row('removed', 5, '<b>`a<i>`', null, true)], kind: 'removed' })!;

    const { text } = lanesTable(picture, {
      eventIds: picture.eventIds,
      matchedUpTo: 4,
      eventLink: (id) => `#r0-e${id}`,
    });

    const words = text
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    expect(words).toBe(
      'Recorded commands, and the commands of the code now Event Recorded Change What the code does now ' +
        '✓ matches up to event 4 Here the code leaves the history ' +
        '5 &#60;b&#62; a&#60;i&#62; gone &#60;b&#62; a&#60;i&#62; not issued',
    );
    expect(text).toContain('href="#r0-e5"');
  });
});
