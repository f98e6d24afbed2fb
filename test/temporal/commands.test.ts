import { KINDS, type CommandKind, endsRun, eventNameOfKind, isTerminal } from '../../src/temporal/commands';
import { type AttributesKey, type Event, RUN_END_STATUS, isClosed } from '../../src/temporal/event';

describe('the commands that end a run', () => {
  const ending = (Object.keys(KINDS) as CommandKind[]).filter(isTerminal);

  it('are of four kinds', () => {
    expect(ending).toEqual(['complete', 'fail', 'cancel', 'continueAsNew']);
  });

  it.each([
    ['completeWorkflowExecution', true],
    ['failWorkflowExecution', true],
    ['cancelWorkflowExecution', true],
    ['continueAsNewWorkflowExecution', true],
    ['scheduleActivity', false],
    ['cancelTimer', false],
    ['respondToQuery', false],
  ])('include %s: %s', (field, expected) => {
    expect(endsRun({ [field]: {} })).toBe(expected);
  });

  it('are recorded as events that end a run', () => {
    const keys = ending.map((kind) => KINDS[kind].attributes);

    expect(Object.keys(RUN_END_STATUS)).toEqual(expect.arrayContaining(keys));
  });

  it('are not the only ends: the server times runs out and terminates them', () => {
    const keys = ending.map((kind): string => KINDS[kind].attributes);

    expect(Object.keys(RUN_END_STATUS).filter((key) => !keys.includes(key))).toEqual([
      'workflowExecutionTimedOutEventAttributes',
      'workflowExecutionTerminatedEventAttributes',
    ]);
  });
});

describe('isClosed', () => {
  const last = (key: AttributesKey): Event[] =>
    [
      { eventId: 1, workflowExecutionStartedEventAttributes: {} },
      { eventId: 2, [key]: {} },
    ] as unknown as Event[];

  it.each(Object.keys(RUN_END_STATUS) as AttributesKey[])('is true after %s', (key) => {
    expect(isClosed(last(key))).toBe(true);
  });

  it('is false while something can follow', () => {
    expect(isClosed(last('workflowTaskCompletedEventAttributes'))).toBe(false);
  });

  it('is false without events', () => {
    expect(isClosed([])).toBe(false);
  });
});

describe('eventNameOfKind', () => {
  it.each<[CommandKind, string]>([
    ['activity', 'ActivityTaskScheduled'],
    ['patch', 'MarkerRecorded'],
    ['updateCompleted', 'WorkflowExecutionUpdateCompleted'],
  ])('returns the event of %s as the Web UI shows it', (kind, name) => {
    expect(eventNameOfKind(kind)).toBe(name);
  });
});
