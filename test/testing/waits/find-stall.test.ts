/** The rules of `findStall`, on small histories. `stuck-runs.test.ts` and `updates.test.ts` have them on the real server. */
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { findStall } from '../../../src/testing/waits/find-stall';
import type { StallContext } from '../../../src/testing/waits/stall';

type Event = temporal.api.history.v1.IHistoryEvent;

const TEN_YEARS = { seconds: 315_360_000 };
const started = { workflowType: { name: 'order' }, taskQueue: { name: 'orders' } };
const STARTED = { workflowExecutionStartedEventAttributes: started };
const TASK_SCHEDULED = { workflowTaskScheduledEventAttributes: {} };
const TASK_STARTED = { workflowTaskStartedEventAttributes: { scheduledEventId: 2 } };
const TASK_COMPLETED = { workflowTaskCompletedEventAttributes: { scheduledEventId: 2, startedEventId: 3 } };
const TASK = [TASK_SCHEDULED, TASK_STARTED, TASK_COMPLETED];
const TIMER = { timerStartedEventAttributes: { startToFireTimeout: { seconds: 3_600 } } };
const activityOn = (queue: string) => ({
  activityTaskScheduledEventAttributes: { activityType: { name: 'charge' }, taskQueue: { name: queue } },
});
const childStarted = (workflowId: string) => ({
  childWorkflowExecutionStartedEventAttributes: {
    workflowExecution: { workflowId },
    workflowType: { name: 'shipping' },
  },
});
const TIMED_OUT = { workflowExecutionTimedOutEventAttributes: {} };

/** A history of these events, with ids from 1 on. */
const historyOf = (events: object[]): Event[] =>
  events.map((event, index) => ({ eventId: index + 1, ...event }) as unknown as Event);

/** A context with a client of a server that has these histories, and the ids of those that were fetched. */
function contextOf(histories: Record<string, object[]>, options: Partial<StallContext> = {}) {
  const fetched: string[] = [];
  const getHandle = (workflowId: string) => ({
    async fetchHistory() {
      fetched.push(workflowId);
      return { events: historyOf(histories[workflowId] ?? []) };
    },
  });
  const context: StallContext = {
    client: { workflow: { getHandle } } as unknown as Client,
    ...{ running: [], runningOperations: [], taskQueues: ['orders'], canSkipTime: true },
    ...{ nowMs: 10_000, idleMs: 3_000, leftMs: 5_000, ...options },
  };
  return { context, fetched };
}

describe('findStall', () => {
  it.each([
    ['INPUT_MISSING', 'nothing is pending', [STARTED, ...TASK]],
    ['TASK_NOT_TAKEN', 'no SDK worker takes the workflow task', [STARTED, TASK_SCHEDULED]],
    [
      'QUEUE_NOT_POLLED',
      'an activity is on an unknown task queue',
      [STARTED, ...TASK, activityOn('orders'), activityOn('payments')],
    ],
    ['ACTIVITY_PENDING', 'an activity has no running attempt', [STARTED, ...TASK, activityOn('orders')]],
    [
      'TASK_REFUSED',
      'the server refuses the workflow task',
      [
        STARTED,
        ...TASK,
        { workflowTaskFailedEventAttributes: { failure: { message: 'endpoint "bank" not found' } } },
      ],
    ],
    [
      'RUN_TIMEOUT_REACHED',
      'timers use up the run timeout of the time-skipping server',
      [
        { workflowExecutionStartedEventAttributes: { ...started, workflowRunTimeout: TEN_YEARS } },
        ...TASK,
        TIMER,
        TIMED_OUT,
      ],
    ],
  ])('returns %s if %s', async (code, _, events) => {
    const { context } = contextOf({ w1: events });

    expect(await findStall('w1', context)).toMatchObject({ code, workflowId: 'w1' });
  });

  it.each([
    ['a timer is pending on the time-skipping server', [STARTED, ...TASK, TIMER]],
    ['a workflow task is running', [STARTED, TASK_SCHEDULED, TASK_STARTED]],
    ['the run has completed', [STARTED, ...TASK, { workflowExecutionCompletedEventAttributes: {} }]],
    ['a timeout of its own has ended the run', [STARTED, ...TASK, TIMER, TIMED_OUT]],
    ['a Nexus operation is pending', [STARTED, ...TASK, { nexusOperationScheduledEventAttributes: {} }]],
    [
      'a signal to another workflow has no answer yet',
      [STARTED, ...TASK, { signalExternalWorkflowExecutionInitiatedEventAttributes: {} }],
    ],
    [
      'a cancellation of another workflow has no answer yet',
      [STARTED, ...TASK, { requestCancelExternalWorkflowExecutionInitiatedEventAttributes: {} }],
    ],
  ])('returns null if %s', async (_, events) => {
    const { context } = contextOf({ w1: events });

    expect(await findStall('w1', context)).toBeNull();
  });

  it.each([
    ['TIMER_NOT_SKIPPED', 'after', 3_000_000, 'TIMER_NOT_SKIPPED'],
    ['null', 'before', 3_599_000, undefined],
  ])('returns %s on the full server if a timer fires %s the end of the wait', async (_, __, nowMs, code) => {
    const { context } = contextOf({ w1: [STARTED, ...TASK, TIMER] }, { canSkipTime: false, nowMs });

    expect((await findStall('w1', context))?.code).toBe(code);
  });

  it('returns the stall of a child, with the child in its reason', async () => {
    const { context } = contextOf({
      w1: [STARTED, ...TASK, childStarted('w2')],
      w2: [STARTED, ...TASK],
    });

    const stall = await findStall('w1', context);

    expect(stall).toMatchObject({ code: 'INPUT_MISSING', workflowId: 'w2' });
    expect(stall?.reason).toMatch(/^It waits for its child shipping \(w2\)\. No timer/);
  });

  it('returns the events of the stalled run, and fetches each history once', async () => {
    const histories = { w1: [STARTED, ...TASK, childStarted('w2')], w2: [STARTED, ...TASK] };
    const { context, fetched } = contextOf(histories);

    const stall = await findStall('w1', context);

    expect(stall?.events).toEqual(historyOf(histories.w2));
    expect(fetched).toEqual(['w1', 'w2']);
  });

  it('returns the activity that has been running for too long without fetching a history', async () => {
    const info = { activityType: 'charge', attempt: 2, workflowExecution: { workflowId: 'w3' } };
    const running = [{ info, startedAtMs: 6_000 }] as unknown as StallContext['running'];
    const { context, fetched } = contextOf({}, { running });

    const stall = await findStall('w1', context);

    expect(stall).toMatchObject({ code: 'ACTIVITY_RUNNING', workflowId: 'w3' });
    expect(stall?.reason).toBe(
      'The activity charge (attempt 2) has been running for 4.0 s, and time cannot be skipped meanwhile.',
    );
    expect(fetched).toEqual([]);
  });
});
