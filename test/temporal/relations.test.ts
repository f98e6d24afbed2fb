import { KINDS, type CommandKind } from '../../src/temporal/commands';
import { type AttributesKey, type Event, nameOfAttributes } from '../../src/temporal/event';
import {
  RELATIONS_BY_EVENT,
  endedEventIdOf,
  openEvents,
  referenceOf,
  type Effect,
} from '../../src/temporal/relations';

const keyOf = (name: string): AttributesKey =>
  `${name[0]!.toLowerCase()}${name.slice(1)}EventAttributes` as AttributesKey;

const eventOf = (name: string, eventId: number, attributes: object = {}): Event =>
  ({ eventId, [keyOf(name)]: attributes }) as unknown as Event;

describe('the reference of an event', () => {
  it.each<[event: string, field: string, to: string, effect: Effect, outcome: string | null]>([
    ['ActivityTaskStarted', 'scheduledEventId', 'ActivityTaskScheduled', 'start', null],
    ['ActivityTaskCancelRequested', 'scheduledEventId', 'ActivityTaskScheduled', 'cancel', null],
    ['ActivityPropertiesModifiedExternally', 'scheduledEventId', 'ActivityTaskScheduled', 'change', null],
    ['ActivityTaskCompleted', 'scheduledEventId', 'ActivityTaskScheduled', 'end', 'completed'],
    ['ActivityTaskFailed', 'scheduledEventId', 'ActivityTaskScheduled', 'end', 'failed'],
    ['ActivityTaskTimedOut', 'scheduledEventId', 'ActivityTaskScheduled', 'end', 'timedOut'],
    ['ActivityTaskCanceled', 'scheduledEventId', 'ActivityTaskScheduled', 'end', 'canceled'],

    ['TimerFired', 'startedEventId', 'TimerStarted', 'end', 'completed'],
    ['TimerCanceled', 'startedEventId', 'TimerStarted', 'end', 'canceled'],

    [
      'ChildWorkflowExecutionStarted',
      'initiatedEventId',
      'StartChildWorkflowExecutionInitiated',
      'start',
      null,
    ],
    [
      'StartChildWorkflowExecutionFailed',
      'initiatedEventId',
      'StartChildWorkflowExecutionInitiated',
      'end',
      'failed',
    ],
    ...['Completed', 'Failed', 'Canceled', 'TimedOut', 'Terminated'].map(
      (end): [string, string, string, Effect, string] => [
        `ChildWorkflowExecution${end}`,
        'initiatedEventId',
        'StartChildWorkflowExecutionInitiated',
        'end',
        `${end[0]!.toLowerCase()}${end.slice(1)}`,
      ],
    ),

    [
      'ExternalWorkflowExecutionSignaled',
      'initiatedEventId',
      'SignalExternalWorkflowExecutionInitiated',
      'end',
      'completed',
    ],
    [
      'SignalExternalWorkflowExecutionFailed',
      'initiatedEventId',
      'SignalExternalWorkflowExecutionInitiated',
      'end',
      'failed',
    ],
    [
      'ExternalWorkflowExecutionCancelRequested',
      'initiatedEventId',
      'RequestCancelExternalWorkflowExecutionInitiated',
      'end',
      'completed',
    ],
    [
      'RequestCancelExternalWorkflowExecutionFailed',
      'initiatedEventId',
      'RequestCancelExternalWorkflowExecutionInitiated',
      'end',
      'failed',
    ],

    ['NexusOperationStarted', 'scheduledEventId', 'NexusOperationScheduled', 'start', null],
    ['NexusOperationCancelRequested', 'scheduledEventId', 'NexusOperationScheduled', 'cancel', null],
    ['NexusOperationCancelRequestCompleted', 'scheduledEventId', 'NexusOperationScheduled', 'change', null],
    ['NexusOperationCancelRequestFailed', 'scheduledEventId', 'NexusOperationScheduled', 'change', null],
    ['NexusOperationCompleted', 'scheduledEventId', 'NexusOperationScheduled', 'end', 'completed'],
    ['NexusOperationFailed', 'scheduledEventId', 'NexusOperationScheduled', 'end', 'failed'],
    ['NexusOperationCanceled', 'scheduledEventId', 'NexusOperationScheduled', 'end', 'canceled'],
    ['NexusOperationTimedOut', 'scheduledEventId', 'NexusOperationScheduled', 'end', 'timedOut'],

    ['WorkflowExecutionUpdateCompleted', 'acceptedEventId', 'WorkflowExecutionUpdateAccepted', 'end', null],

    ['WorkflowTaskStarted', 'scheduledEventId', 'WorkflowTaskScheduled', 'start', null],
    ['WorkflowTaskCompleted', 'scheduledEventId', 'WorkflowTaskScheduled', 'end', 'completed'],
    ['WorkflowTaskFailed', 'scheduledEventId', 'WorkflowTaskScheduled', 'end', 'failed'],
    ['WorkflowTaskTimedOut', 'scheduledEventId', 'WorkflowTaskScheduled', 'end', 'timedOut'],
  ])('%s leads by %s to %s: %s %s', (name, field, to, effect, outcome) => {
    const reference = referenceOf(eventOf(name, 9, { [field]: '5' }));

    expect(reference?.eventId).toBe(5);
    expect(reference?.relation).toMatchObject({ to: keyOf(to), field, effect });
    expect(reference?.relation.outcome ?? null).toBe(outcome);
  });

  it('is absent from an event that belongs to nothing earlier', () => {
    expect(referenceOf(eventOf('WorkflowExecutionSignaled', 5))).toBeNull();
  });

  it('is absent from an event of an unknown type', () => {
    expect(referenceOf({ eventId: 5, eventType: 999 } as unknown as Event)).toBeNull();
  });
});

describe('the relations', () => {
  const endsOf = (to: AttributesKey): string[] =>
    [...RELATIONS_BY_EVENT]
      .filter(([, relations]) =>
        relations.some((relation) => relation.to === to && relation.effect === 'end'),
      )
      .map(([key]) => nameOfAttributes(key));

  it.each<[CommandKind, number]>([
    ['activity', 4],
    ['timer', 2],
    ['child', 6],
    ['externalSignal', 2],
    ['externalCancel', 2],
    ['nexus', 4],
    ['updateAccepted', 1],
  ])('end what the command %s begins in %i ways', (kind, count) => {
    expect(endsOf(KINDS[kind].attributes)).toHaveLength(count);
  });

  it.each<CommandKind>([
    'activityCancel',
    'timerCancel',
    'nexusCancel',
    'patch',
    'localActivity',
    'searchAttributes',
    'memo',
    'updateCompleted',
    'complete',
    'fail',
    'cancel',
    'continueAsNew',
  ])('have no end for the command %s, which begins nothing', (kind) => {
    expect(endsOf(KINDS[kind].attributes)).toEqual([]);
  });

  it.each(['WorkflowTaskCompleted', 'WorkflowTaskFailed', 'WorkflowTaskTimedOut'])(
    'lead from %s to WorkflowTaskStarted as well, where the task was started',
    (name) => {
      expect(RELATIONS_BY_EVENT.get(keyOf(name))).toMatchObject([
        { field: 'scheduledEventId', to: keyOf('WorkflowTaskScheduled') },
        { field: 'startedEventId', to: keyOf('WorkflowTaskStarted'), optional: true },
      ]);
    },
  );

  it('let activities time out and be cancelled before they start, but not complete or fail', () => {
    const needStart = [...RELATIONS_BY_EVENT]
      .filter(([, [relation]]) => relation!.needsStart)
      .map(([key]) => nameOfAttributes(key));

    expect(needStart).toEqual([
      'ActivityTaskCompleted',
      'ActivityTaskFailed',
      'ChildWorkflowExecutionCompleted',
      'ChildWorkflowExecutionFailed',
      'ChildWorkflowExecutionCanceled',
      'ChildWorkflowExecutionTimedOut',
      'ChildWorkflowExecutionTerminated',
    ]);
  });

  it('allow only these events to refer to no event', () => {
    const optional = [...RELATIONS_BY_EVENT].flatMap(([key, relations]) =>
      relations
        .filter((relation) => relation.optional)
        .map(({ field }) => `${nameOfAttributes(key)}.${field}`),
    );

    expect(optional.sort()).toEqual([
      'TimerCanceled.startedEventId',
      'WorkflowExecutionUpdateCompleted.acceptedEventId',
      'WorkflowTaskCompleted.startedEventId',
      'WorkflowTaskFailed.startedEventId',
      'WorkflowTaskTimedOut.startedEventId',
    ]);
  });
});

describe('endedEventIdOf', () => {
  it('returns the id of the event that an end refers to', () => {
    expect(endedEventIdOf(eventOf('TimerFired', 7, { startedEventId: 5 }))).toBe(5);
  });

  it.each(['ActivityTaskStarted', 'ActivityTaskCancelRequested'])(
    'returns 0 for %s, which ends nothing',
    (name) => {
      expect(endedEventIdOf(eventOf(name, 7, { scheduledEventId: 5 }))).toBe(0);
    },
  );

  it('returns 0 for an end that refers to no event', () => {
    expect(endedEventIdOf(eventOf('TimerFired', 7))).toBe(0);
  });
});

describe('openEvents', () => {
  it('returns the events of one kind that no other event has ended', () => {
    const events = [
      eventOf('ActivityTaskScheduled', 5),
      eventOf('ActivityTaskScheduled', 6),
      eventOf('TimerStarted', 7),
      eventOf('ActivityTaskStarted', 8, { scheduledEventId: 6 }),
      eventOf('ActivityTaskTimedOut', 9, { scheduledEventId: 5 }),
    ];

    expect(openEvents(events, keyOf('ActivityTaskScheduled'))).toEqual([events[1]]);
    expect(openEvents(events, keyOf('TimerStarted'))).toEqual([events[2]]);
  });
});
