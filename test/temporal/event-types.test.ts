import { temporal } from '@temporalio/proto';
import { attributesKeyOfType, eventTypeName, eventTypeOfAttributes } from '../../src/temporal/event-types';

const { EventType } = temporal.api.enums.v1;
const { HistoryEvent } = temporal.api.history.v1;

describe('event types', () => {
  const types = Object.values(EventType).filter((type) => typeof type === 'number' && type > 0) as number[];

  it('have attributes that the message HistoryEvent has, all of them', () => {
    const event = HistoryEvent.create() as unknown as Record<string, unknown>;
    const missing = types.map(attributesKeyOfType).filter((key) => !(key! in event));

    expect(types.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('are found again by their attributes', () => {
    expect(types.map((type) => eventTypeOfAttributes(attributesKeyOfType(type)!))).toEqual(types);
  });

  it('have the names that the Web UI shows', () => {
    expect(eventTypeName(EventType.EVENT_TYPE_TIMER_FIRED)).toBe('TimerFired');
    expect(eventTypeName(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW)).toBe(
      'WorkflowExecutionContinuedAsNew',
    );
  });

  it.each([999, 0, null, undefined])('are named by their number where it is unknown: %s', (type) => {
    expect(eventTypeName(type)).toBe(`event type ${type ?? 0}`);
    expect(attributesKeyOfType(type)).toBeUndefined();
  });
});
