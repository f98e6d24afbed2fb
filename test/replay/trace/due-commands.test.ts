import { dueCommands } from '../../../src/replay/trace/due-commands';
import { type Event, type ProducedItem, recordedItemOf } from '../../../src/temporal/commands';

const activity = (eventId: number, name: string): Event => ({
  eventId: eventId as never,
  activityTaskScheduledEventAttributes: { activityType: { name } },
});
const timer = (eventId: number): Event => ({
  eventId: eventId as never,
  timerStartedEventAttributes: { timerId: '1' },
});
const started = (eventId: number): Event => ({
  eventId: eventId as never,
  workflowTaskStartedEventAttributes: {},
});

describe('dueCommands', () => {
  it('returns the first three commands that were recorded after the task in which the code threw', () => {
    const events = [
      started(3),
      activity(5, 'a'),
      started(8),
      timer(10),
      activity(11, 'b'),
      activity(12, 'c'),
    ];

    const due = dueCommands([...events, activity(13, 'd')], 8, { pairs: [], issued: [] });

    expect(due.map(({ eventId }) => eventId)).toEqual([10, 11, 12]);
  });

  it('leaves out those that the code had issued in the same task, as often as it had', () => {
    const events = [started(3), activity(5, 'a'), activity(6, 'a'), timer(7)];
    const issued = [{ scheduleActivity: { seq: 1, activityType: 'a' } }];

    expect(dueCommands(events, 3, { pairs: [], issued }).map(({ eventId }) => eventId)).toEqual([6, 7]);
  });

  it('does not count a command twice that matched an earlier event', () => {
    const [earlier, later] = [activity(5, 'a'), activity(10, 'a')];
    const pairs = [{ recorded: recordedItemOf(earlier)!, produced: {} as ProducedItem }];
    const issued = [{ scheduleActivity: { seq: 1, activityType: 'a' } }];

    const due = dueCommands([earlier, started(8), later], 8, { pairs: pairs as never, issued });

    expect(due.map(({ eventId }) => eventId)).toEqual([10]);
  });
});
