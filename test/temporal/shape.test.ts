import { shapeOf, stepsOf } from '../../src/temporal/shape';
import {
  activityCompleted,
  activityScheduled,
  childInitiated,
  historyOf,
  localActivityMarker,
  patchMarker,
  signaled,
  started,
  task,
  timerFired,
  timerStarted,
} from '../helpers/history-builders';

type Entries = Parameters<typeof historyOf>;

const run = (...entries: Entries): string => shapeOf(historyOf(started(), ...task(), ...entries));
const texts = (...entries: Entries): string[] =>
  stepsOf(historyOf(started(), ...task(), ...entries)).map(({ text, loops }) => [text, ...loops].join(' ↻'));

describe('the shape of a history', () => {
  it('is the same whatever the ids, values and times are', () => {
    const one = run(activityScheduled(1, 'charge', { input: ['a'] }), timerStarted(2, 60));
    const other = run(activityScheduled(7, 'charge', { input: ['b'] }), timerStarted(9, 30));

    expect(one).toBe(other);
    expect(one).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['another activity', run(activityScheduled(1, 'refund'), timerStarted(2))],
    ['another order', run(timerStarted(2), activityScheduled(1, 'charge'))],
    ['fewer commands', run(activityScheduled(1, 'charge'))],
    ['an answer', run(activityScheduled(1, 'charge'), timerStarted(2), timerFired(2, 6))],
    ['a signal', run(activityScheduled(1, 'charge'), timerStarted(2), signaled('go'))],
    ['a patch', run(patchMarker('add-fee'), activityScheduled(1, 'charge'), timerStarted(2))],
  ])('differs with %s', (_, other) => {
    expect(run(activityScheduled(1, 'charge'), timerStarted(2))).not.toBe(other);
  });

  it('has the commands, their answers and what came from outside', () => {
    const steps = texts(
      activityScheduled(1, 'charge'),
      signaled('go'),
      activityCompleted(5),
      localActivityMarker(1, 'price'),
      childInitiated('ship', 'ship-1'),
    );

    expect(steps).toEqual([
      'activity charge',
      'signal go',
      'activity charge completed',
      'localActivity price',
      'child ship',
    ]);
  });

  const rounds = (count: number, ...entries: Entries[number][]): Entries =>
    Array.from({ length: count }, () => entries).flat();

  it.each([2, 3, 50])('has the body of a loop of %d rounds once', (count) => {
    const loop = rounds(count, activityScheduled(1, 'poll'), timerStarted(2));

    expect(texts(...loop, signaled('go'))).toEqual(['activity poll', 'timer ↻2', 'signal go']);
  });

  it('tells a loop of several rounds from one round', () => {
    expect(run(...rounds(2, timerStarted(1)))).not.toBe(run(timerStarted(1)));
  });

  it('finds loops within loops, whatever their numbers of rounds are', () => {
    const round = (inner: number): Entries => [
      activityScheduled(1, 'page'),
      ...rounds(inner, signaled('item')),
    ];

    const steps = texts(...round(3), ...round(2), ...round(5));

    expect(steps).toEqual(['activity page', 'signal item ↻1 ↻2']);
    expect(run(...round(3), ...round(2))).toBe(run(...round(2), ...round(4), ...round(9)));
  });
});
