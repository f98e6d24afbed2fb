import { shapeOf } from '../../src/temporal/shape';
import { activityScheduled, historyOf, started, task, timerStarted } from '../helpers/history-builders';

const run = (...commands: Parameters<typeof historyOf>): string =>
  shapeOf(historyOf(started(), ...task(), ...commands));

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
  ])('differs with %s', (_, other) => {
    expect(run(activityScheduled(1, 'charge'), timerStarted(2))).not.toBe(other);
  });
});
