import { serializationContextOf } from '../../src/temporal/serialization-context';
import {
  activityCompleted,
  activityScheduled,
  childInitiated,
  completed,
  type Entry,
  historyOf,
  localActivityMarker,
  nexusScheduled,
  signaled,
  started,
} from '../helpers/history-builders';

const OWN = { type: 'workflow', namespace: 'shop', workflowId: 'order-1' };
const activity = (activityId: string, isLocal: boolean) => ({
  ...OWN,
  type: 'activity',
  ...{ activityId, isLocal },
});

/** Returns the contexts of all events of a history of the workflow `order-1`. */
function contextsOf(...entries: Entry[]): object[] {
  const events = historyOf(...entries);
  return events.map((event) =>
    serializationContextOf(event, (id) => events[id - 1], { namespace: 'shop', workflowId: 'order-1' }),
  );
}

const entry =
  (attributes: object): Entry =>
  (eventId) => ({ eventId: eventId as never, ...attributes });

describe('serializationContextOf', () => {
  it('is the workflow itself for its input, signals, Nexus operations and result', () => {
    expect(contextsOf(started(), signaled('pay'), nexusScheduled('charge'), completed(1))).toEqual(
      Array.from({ length: 4 }, () => OWN),
    );
  });

  it('is the activity for what is sent to it and for how it ended', () => {
    const failed = entry({ activityTaskFailedEventAttributes: { scheduledEventId: 3, failure: {} } });

    const contexts = contextsOf(
      activityScheduled(1, 'charge'),
      activityCompleted(1, 'ok'),
      activityScheduled(2, 'ship', { activityId: 'my-id' }),
      failed,
    );

    expect(contexts).toEqual([
      activity('1', false),
      activity('1', false),
      activity('my-id', false),
      activity('my-id', false),
    ]);
  });

  it('is the local activity for its marker', () => {
    expect(contextsOf(localActivityMarker(7, 'quote'))).toEqual([activity('7', true)]);
  });

  it('is the child for its start and its end, in the namespace that the event names', () => {
    const ended = entry({ childWorkflowExecutionCompletedEventAttributes: { initiatedEventId: 1 } });
    const elsewhere = entry({
      startChildWorkflowExecutionInitiatedEventAttributes: { namespace: 'stock', workflowId: 'ship-2' },
    });

    expect(contextsOf(childInitiated('ship', 'ship-1'), ended, elsewhere)).toEqual([
      { ...OWN, workflowId: 'ship-1' },
      { ...OWN, workflowId: 'ship-1' },
      { type: 'workflow', namespace: 'stock', workflowId: 'ship-2' },
    ]);
  });

  it('is the workflow that is signaled', () => {
    const signal = entry({
      signalExternalWorkflowExecutionInitiatedEventAttributes: {
        workflowExecution: { workflowId: 'stock-1' },
      },
    });

    expect(contextsOf(signal)).toEqual([{ ...OWN, workflowId: 'stock-1' }]);
  });
});
