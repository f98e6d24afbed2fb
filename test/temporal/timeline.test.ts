import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { globSync } from 'tinyglobby';
import { decodeHistories } from '../../src/history/decode';
import { timelineOf } from '../../src/temporal/timeline';
import type { TimelineEntry, TimelineKind } from '../../src/model/timeline';

type Event = temporal.api.history.v1.IHistoryEvent;

const ROOT = join(__dirname, '../..');
const EVENT_TYPES = temporal.api.enums.v1.EventType;
type EventTypeKey = keyof typeof EVENT_TYPES;

/** Events with ids from 1, a second apart: `['TIMER_STARTED', { timerId: '1' }]`. */
function eventsOf(...described: [type: string, attributes?: object][]): Event[] {
  return described.map(([type, attributes = {}], i) => {
    const camel = type.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    return {
      eventId: i + 1,
      eventType: EVENT_TYPES[`EVENT_TYPE_${type}` as EventTypeKey],
      eventTime: { seconds: 1000 + i, nanos: 0 },
      [`${camel}EventAttributes`]: attributes,
    } as unknown as Event;
  });
}

const json = (value: unknown): { payloads: object[] } => ({
  payloads: [
    {
      metadata: { encoding: Buffer.from('json/plain') },
      data: Buffer.from(JSON.stringify(value)),
    },
  ],
});
const named = (kind: TimelineKind, name: string | null): object => expect.objectContaining({ kind, name });

describe('the timeline of a recorded history', () => {
  const files = globSync(['histories/**/*.json', 'test/services/small/histories/*.json'], { cwd: ROOT });

  const histories = files.map((file) => {
    const [decoded] = decodeHistories({ file, bytes: readFileSync(join(ROOT, file)) });
    return { file, events: decoded!.history!.events! };
  });

  it('holds every event exactly once, in all of the recorded histories', () => {
    expect(files.length).toBeGreaterThan(50);
    const wrong = histories.filter(({ events }) => {
      const ids = timelineOf(events).flatMap((entry) => entry.eventIds);
      ids.sort((a, b) => a - b);
      return String(ids) !== String(events.map((event) => Number(event.eventId)));
    });
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('has an entry of a known kind for every event of them', () => {
    const entries = histories.flatMap(({ events }) => timelineOf(events));
    expect(entries.filter(({ kind }) => kind === 'other')).toEqual([]);
  });
});

describe('an entry of several events', () => {
  it('is an activity from its scheduling to its end, with the attempts that it took', () => {
    const [, entry] = timelineOf(
      eventsOf(
        ['WORKFLOW_EXECUTION_STARTED', { workflowType: { name: 'order' } }],
        ['ACTIVITY_TASK_SCHEDULED', { activityType: { name: 'charge' } }],
        ['ACTIVITY_TASK_STARTED', { scheduledEventId: '2', attempt: 3 }],
        ['ACTIVITY_TASK_CANCEL_REQUESTED', { scheduledEventId: 2 }],
        ['ACTIVITY_TASK_FAILED', { scheduledEventId: { toString: () => '2' } }],
      ),
    );

    expect(entry).toEqual<TimelineEntry>({
      kind: 'activity',
      name: 'charge',
      eventIds: [2, 3, 4, 5],
      startMs: 1_001_000,
      endMs: 1_004_000,
      attempts: 3,
      status: 'failed',
    });
  });

  it('is the start of the run and its end', () => {
    const [entry] = timelineOf(
      eventsOf(
        ['WORKFLOW_EXECUTION_STARTED', { workflowType: { name: 'order' }, attempt: 2 }],
        ['WORKFLOW_EXECUTION_SIGNALED', { signalName: 'go' }],
        ['WORKFLOW_EXECUTION_CONTINUED_AS_NEW'],
      ),
    );

    expect(entry).toMatchObject({ name: 'order', eventIds: [1, 3], attempts: 2, status: 'continuedAsNew' });
  });

  it.each([
    ['WORKFLOW_TASK_COMPLETED', 'completed'],
    ['WORKFLOW_TASK_FAILED', 'failed'],
    ['WORKFLOW_TASK_TIMED_OUT', 'timedOut'],
  ])('is a workflow task up to %s', (end, status) => {
    const [entry] = timelineOf(
      eventsOf(
        ['WORKFLOW_TASK_SCHEDULED', { attempt: 2 }],
        ['WORKFLOW_TASK_STARTED', { scheduledEventId: 1 }],
        [end, { scheduledEventId: 1 }],
      ),
    );

    expect(entry).toMatchObject({
      kind: 'workflowTask',
      name: null,
      eventIds: [1, 2, 3],
      attempts: 2,
      status,
    });
  });

  it.each([
    [30, 0, '30s'],
    [90, 0, '1m 30s'],
    [14 * 86_400, 0, '14 days'],
    [0, 250_000_000, '250ms'],
  ])('is a timer and its firing, under its length: %d.%d s', (seconds, nanos, name) => {
    const started = { startToFireTimeout: { seconds, nanos } };

    const entries = timelineOf(
      eventsOf(
        ['TIMER_STARTED', started],
        ['TIMER_FIRED', { startedEventId: 1 }],
        ['TIMER_STARTED', started],
      ),
    );

    expect(entries).toMatchObject([
      { kind: 'timer', name, eventIds: [1, 2], status: 'completed' },
      { kind: 'timer', name, eventIds: [3], status: 'open', endMs: null },
    ]);
  });

  it('is a child from its initiation to its end', () => {
    const [first, second] = timelineOf(
      eventsOf(
        ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowType: { name: 'ship' } }],
        ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowType: { name: 'bill' } }],
        ['CHILD_WORKFLOW_EXECUTION_STARTED', { initiatedEventId: 1 }],
        ['START_CHILD_WORKFLOW_EXECUTION_FAILED', { initiatedEventId: 2 }],
        ['CHILD_WORKFLOW_EXECUTION_TERMINATED', { initiatedEventId: 1 }],
      ),
    );

    expect(first).toMatchObject({ kind: 'child', name: 'ship', eventIds: [1, 3, 5], status: 'terminated' });
    expect(second).toMatchObject({ kind: 'child', name: 'bill', eventIds: [2, 4], status: 'failed' });
  });

  it('is an update, even if the server had admitted it before, or its end does not name the acceptance', () => {
    const request = { meta: { updateId: 'u1' }, input: { name: 'address' } };

    const entries = timelineOf(
      eventsOf(
        ['WORKFLOW_EXECUTION_UPDATE_ADMITTED', { request }],
        ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { protocolInstanceId: 'u1' }],
        ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { acceptedRequest: { input: { name: 'plan' } } }],
        ['WORKFLOW_EXECUTION_UPDATE_COMPLETED', { meta: { updateId: 'u1' }, outcome: { failure: {} } }],
        ['WORKFLOW_EXECUTION_UPDATE_COMPLETED', { acceptedEventId: 3, outcome: { success: {} } }],
      ),
    );

    expect(entries).toMatchObject([
      { kind: 'update', name: 'address', eventIds: [1, 2, 4], status: 'failed' },
      { kind: 'update', name: 'plan', eventIds: [3, 5], status: 'completed' },
    ]);
  });

  it('is a signal or a cancellation to another workflow, and its answer', () => {
    const entries = timelineOf(
      eventsOf(
        ['SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', { signalName: 'stop' }],
        [
          'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
          { workflowExecution: { workflowId: 'other' } },
        ],
        ['EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', { initiatedEventId: 1 }],
        ['REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED', { initiatedEventId: 2 }],
      ),
    );

    expect(entries).toMatchObject([
      { kind: 'externalSignal', name: 'stop', eventIds: [1, 3], status: 'completed' },
      { kind: 'externalCancel', name: 'other', eventIds: [2, 4], status: 'failed' },
    ]);
  });

  it('is a nexus operation with its cancel requests', () => {
    const [entry] = timelineOf(
      eventsOf(
        ['NEXUS_OPERATION_SCHEDULED', { operation: 'pay' }],
        ['NEXUS_OPERATION_STARTED', { scheduledEventId: 1 }],
        ['NEXUS_OPERATION_CANCEL_REQUESTED', { scheduledEventId: 1 }],
        ['NEXUS_OPERATION_CANCELED', { scheduledEventId: 1 }],
      ),
    );

    expect(entry).toMatchObject({ kind: 'nexus', name: 'pay', eventIds: [1, 2, 3, 4], status: 'canceled' });
  });

  it('is a patch and core’s upsert for it, but not an upsert of the workflow’s own', () => {
    const upsert = (key: string): object => ({ searchAttributes: { indexedFields: { [key]: {} } } });

    const entries = timelineOf(
      eventsOf(
        [
          'MARKER_RECORDED',
          { markerName: 'core_patch', details: { 'patch-data': json({ id: 'p1', deprecated: false }) } },
        ],
        ['UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', upsert('TemporalChangeVersion')],
        ['UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', upsert('OrderStatus')],
        ['UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', upsert('TemporalChangeVersion')],
      ),
    );

    expect(entries).toMatchObject([
      { kind: 'patch', name: 'p1', eventIds: [1, 2], status: 'recorded' },
      { kind: 'searchAttributes', name: 'OrderStatus', eventIds: [3] },
      { kind: 'searchAttributes', name: 'TemporalChangeVersion', eventIds: [4] },
    ]);
  });

  it('is a local activity in its one marker, with its attempts and how it ended', () => {
    const marker = (failure?: object): object => ({
      markerName: 'core_local_activity',
      details: { data: json({ seq: 1, activity_type: 'price', attempt: 2 }) },
      ...(failure && { failure }),
    });

    const entries = timelineOf(
      eventsOf(
        ['MARKER_RECORDED', marker()],
        ['MARKER_RECORDED', marker({ message: 'no' })],
        ['MARKER_RECORDED', marker({ canceledFailureInfo: {} })],
      ),
    );

    expect(entries).toMatchObject([
      { kind: 'localActivity', name: 'price', attempts: 2, status: 'completed', endMs: 1_000_000 },
      { kind: 'localActivity', status: 'failed' },
      { kind: 'localActivity', status: 'canceled' },
    ]);
  });
});

describe('an entry of one event', () => {
  it('is a signal, a cancellation request, a memo or a marker of another SDK', () => {
    const entries = timelineOf(
      eventsOf(
        ['WORKFLOW_EXECUTION_SIGNALED', { signalName: 'go' }],
        ['WORKFLOW_EXECUTION_CANCEL_REQUESTED'],
        ['WORKFLOW_PROPERTIES_MODIFIED', { upsertedMemo: { fields: { total: {}, step: {} } } }],
        ['MARKER_RECORDED', { markerName: 'Version' }],
      ),
    );

    expect(entries).toEqual([
      named('signal', 'go'),
      named('cancelRequest', null),
      named('memo', 'total, step'),
      named('marker', 'Version'),
    ]);
    expect(entries.every(({ status, startMs, endMs }) => status === 'recorded' && startMs === endMs)).toBe(
      true,
    );
  });

  it('is an event of an unknown type, or one that refers to an event that does not exist', () => {
    const strange = [
      { eventId: 7, eventType: 999, workerMayIgnore: true } as unknown as Event,
      ...eventsOf(
        ['WORKFLOW_EXECUTION_COMPLETED'],
        ['TIMER_FIRED', { startedEventId: 99 }],
        ['ACTIVITY_TASK_STARTED', { scheduledEventId: 1 }],
        ['WORKFLOW_EXECUTION_PAUSED'],
      ),
    ];

    expect(timelineOf(strange)).toEqual([
      named('other', 'event type 999'),
      named('other', 'WorkflowExecutionCompleted'),
      named('other', 'TimerFired'),
      named('other', 'ActivityTaskStarted'),
      named('other', 'WorkflowExecutionPaused'),
    ]);
  });

  it('takes the time of the event before if it has none of its own', () => {
    const events = eventsOf(['WORKFLOW_TASK_SCHEDULED'], ['TIMER_STARTED']);
    delete events[1]!.eventTime;

    expect(timelineOf(events).map((entry) => entry.startMs)).toEqual([1_000_000, 1_000_000]);
  });
});

it('timelineOf groups 50,000 decoded events into 20,000 entries', () => {
  const { History } = temporal.api.history.v1;
  const chunk = eventsOf(
    ['WORKFLOW_TASK_SCHEDULED'],
    ['WORKFLOW_TASK_STARTED', { scheduledEventId: 1 }],
    ['WORKFLOW_TASK_COMPLETED', { scheduledEventId: 1 }],
    ['ACTIVITY_TASK_SCHEDULED', { activityType: { name: 'act' } }],
    ['ACTIVITY_TASK_COMPLETED', { scheduledEventId: 4 }],
  );
  const { events } = History.decode(History.encode(History.fromObject({ events: chunk })).finish());
  const many = Array.from({ length: 10_000 }, () => events).flat();

  const entries = timelineOf(many);

  expect(entries).toHaveLength(20_000);
});
