import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  applicationFailure,
  callOrder,
  createTestEnvironment,
  hang,
  mockActivities,
  nonRetryableFailure,
  retryableFailure,
  type TestEnvironment,
} from '../../../lib/testing';
import * as realActivities from '../../services/mocks/activities';
import type * as workflows from '../../services/mocks/workflows';

const workflowsPath = join(__dirname, '../../services/mocks/workflows.ts');
const MINUTE_MS = 60_000;

describe('mocked activities', () => {
  const activities = mockActivities<typeof realActivities>();
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath, activities, stallTimeout: '4s' });
  });
  beforeEach(() => {
    for (const mock of [activities.chargeCard, activities.ship, activities.quote]) mock.mockReset();
  });
  afterAll(() => env.teardown());
  const charge = (step: workflows.Step = {}) =>
    env.execute<typeof workflows.charge>('charge', { args: [step] });

  it('return the values of the test, and work with the expect of the test runner', async () => {
    activities.chargeCard.mockResolvedValue({ chargeId: 'c1' });
    activities.ship.mockImplementation(async (orderId) => `tracking of ${orderId}`);
    activities.quote.mockResolvedValueOnce(3);

    const result = await env.execute<typeof workflows.order>('order', { args: ['o7'] });

    expect(result).toBe('c1, tracking of o7 in 3 days');
    expect(activities.chargeCard).toHaveBeenCalledWith('o7', 250);
    expect(activities.ship).toHaveBeenCalledTimes(1);
  });

  it('fail the given number of times, then succeed', async () => {
    activities.chargeCard.failTimes(2, new Error('the bank is down')).mockResolvedValue({ chargeId: 'c1' });

    const { result, elapsedMs } = await charge();

    expect(result).toEqual({ chargeId: 'c1' });
    expect(elapsedMs).toBeGreaterThanOrEqual(2_000);
    expect(activities.chargeCard.temporalCalls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(activities.chargeCard).toHaveBeenCalledTimes(3);
  });

  it('follow their new script after the test runner has reset all mocks', async () => {
    activities.chargeCard.mockResolvedValue({ chargeId: 'before' });
    jest.resetAllMocks();
    activities.chargeCard.failTimes(1).mockResolvedValue({ chargeId: 'after' });

    const { result } = await charge();

    expect(result).toEqual({ chargeId: 'after' });
    expect(activities.chargeCard).toHaveBeenCalledTimes(2);
  });

  it('have a separate outcome for each attempt', async () => {
    activities.chargeCard.byAttempt([
      retryableFailure('busy', 'Busy'),
      () => {
        throw new Error('down');
      },
      { chargeId: 'c3' },
    ]);

    expect((await charge()).result).toEqual({ chargeId: 'c3' });
    expect((await charge()).result).toEqual({ chargeId: 'c3' });
  });

  it('fail without a retry on a non-retryable failure', async () => {
    activities.chargeCard.mockRejectedValue(nonRetryableFailure('no money', 'CardDeclined', { cents: 100 }));

    const { failure } = await charge();

    expect(failure).toBe('ApplicationFailure: no money');
    expect(activities.chargeCard).toHaveBeenCalledTimes(1);
  });

  it('fail with all fields of a Temporal failure', async () => {
    activities.chargeCard
      .failTimes(1, applicationFailure({ message: 'later', nextRetryDelay: '1 hour' }))
      .mockResolvedValue({ chargeId: 'c1' });

    const { elapsedMs } = await charge();

    expect(elapsedMs).toBeGreaterThanOrEqual(60 * MINUTE_MS);
  });

  it('take their delay in workflow time', async () => {
    activities.chargeCard.delay('2 minutes').mockResolvedValue({ chargeId: 'c1' });

    const { result, elapsedMs } = await charge();

    expect(result).toEqual({ chargeId: 'c1' });
    expect(elapsedMs).toBeGreaterThanOrEqual(2 * MINUTE_MS);
    expect(elapsedMs).toBeLessThan(3 * MINUTE_MS);
  });

  it('time out if their delay exceeds startToCloseTimeout', async () => {
    activities.chargeCard.delay('1 hour').mockResolvedValue({ chargeId: 'c1' });

    const { failure, elapsedMs } = await charge({ options: { startToCloseTimeout: '5 minutes' } });

    expect(failure).toMatch(/^TimeoutFailure/);
    expect(elapsedMs).toBeGreaterThanOrEqual(15 * MINUTE_MS);
    expect(activities.chargeCard.temporalCalls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('hang until they time out', async () => {
    activities.chargeCard.hang();

    const { failure, elapsedMs } = await charge({ options: { retry: { maximumAttempts: 1 } } });

    expect(failure).toMatch(/^TimeoutFailure/);
    expect(elapsedMs).toBeGreaterThanOrEqual(10 * MINUTE_MS);
  });

  it('hang on the first attempt only, and pass its heartbeat details to the next', async () => {
    activities.chargeCard.heartbeat({ page: 7 }).byAttempt([hang(), { chargeId: 'c2' }]);

    const { result, elapsedMs } = await charge({ options: { heartbeatTimeout: '30 seconds' } });

    expect(result).toEqual({ chargeId: 'c2' });
    expect(elapsedMs).toBeLessThan(MINUTE_MS);
    expect(activities.chargeCard.temporalCalls[1]?.info.heartbeatDetails).toEqual({ page: 7 });
  });

  it.each(['WAIT_CANCELLATION_COMPLETED', 'TRY_CANCEL'] as const)(
    'hang until they are cancelled (%s)',
    async (cancellationType) => {
      activities.chargeCard.hang();

      const { failure, elapsedMs } = await charge({ cancelAfter: '1 minute', options: { cancellationType } });

      expect(failure).toMatch(/^CancelledFailure/);
      expect(elapsedMs).toBeLessThan(3 * MINUTE_MS);
    },
  );

  it('may still hang after the workflow has ended', async () => {
    activities.chargeCard.hang();

    const first = await env.execute<typeof workflows.givesUpOnCharge>('givesUpOnCharge');
    const second = await env.execute<typeof workflows.givesUpOnCharge>('givesUpOnCharge');

    expect([first, second]).toEqual(['gave up', 'gave up']);
  });

  it('fail with a clear message without an implementation', async () => {
    activities.ship.mockResolvedValue('tracking');

    const { failure } = await charge();

    expect(failure).toContain(
      'ApplicationFailure: The workflow called the activity chargeCard("o1",100), which this test does not have. It has ship.',
    );
    expect(failure).toMatch(/\n {2}at test\/services\/mocks\/workflows\.ts:\d+:\d+ .*chargeCard\(/);
    expect(activities.chargeCard).toHaveBeenCalledTimes(1);
  });

  it('record the order of all calls', async () => {
    activities.chargeCard.failTimes(1).mockResolvedValue({ chargeId: 'c1' });
    activities.ship.mockResolvedValue('tracking');
    activities.quote.failTimes(1).mockResolvedValue(3);

    await env.execute<typeof workflows.order>('order', { args: ['o7'] });

    expect(callOrder(activities).map(({ activity, attempt }) => `${activity} ${attempt}`)).toEqual([
      'chargeCard 1',
      'chargeCard 2',
      'quote 1',
      'quote 2',
      'ship 1',
    ]);
  });

  it('record the options that the workflow has set', async () => {
    activities.chargeCard.mockResolvedValue({ chargeId: 'c1' });
    activities.ship.mockResolvedValue('tracking');
    activities.quote.mockResolvedValue(3);

    await env.execute<typeof workflows.order>('order', { args: ['o7'] });

    expect(activities.chargeCard.temporalCalls[0]).toMatchObject({
      args: ['o7', 250],
      attempt: 1,
      options: {
        startToCloseTimeoutMs: 5_000,
        heartbeatTimeoutMs: 2_000,
        scheduleToCloseTimeoutMs: 3_600_000,
        scheduleToStartTimeoutMs: null,
        retryPolicy: { initialInterval: 1_000, maximumAttempts: 4, nonRetryableErrorTypes: ['CardExpired'] },
        taskQueue: env.taskQueue,
        isLocal: false,
      },
    });
    expect(activities.quote.temporalCalls[0]?.options).toMatchObject({
      isLocal: true,
      startToCloseTimeoutMs: 10_000,
      heartbeatTimeoutMs: null,
      retryPolicy: { maximumAttempts: 3 },
    });
    expect(activities.ship.temporalCalls[0]?.options.retryPolicy).toBeNull();
  });

  it('of local activities skip their delay, because no workflow time passes in a workflow task', async () => {
    activities.quote.delay('5 seconds').mockResolvedValue(3);
    const realDelay = new AbortController();

    const first = await Promise.race([
      env.execute<typeof workflows.quotes>('quotes'),
      sleep(5_000, { result: 'the delay has passed in real time' }, { signal: realDelay.signal }),
    ]);
    realDelay.abort();

    expect(first.result).toBe(3);
  });

  it('of local activities time out at once if their delay exceeds startToCloseTimeout', async () => {
    activities.quote.delay('6 seconds').delay('6 seconds').mockResolvedValue(3);

    const { failure } = await env.execute<typeof workflows.quotes>('quotes');

    expect(failure).toBe('TimeoutFailure: Activity timed out: START_TO_CLOSE');
    expect(activities.quote).toHaveBeenCalledTimes(2);
  });

  it('of local activities hang until an attempt times out, and are retried', async () => {
    activities.quote.byAttempt([hang(), 4]);

    const { result } = await env.execute<typeof workflows.quotes>('quotes');

    expect(result).toBe(4);
  });

  it('of local activities hang until the whole call times out', async () => {
    activities.quote.hang();
    const once = { scheduleToCloseTimeout: '1 hour', retry: { maximumAttempts: 1 } } as const;

    const { failure } = await env.execute<typeof workflows.quotes>('quotes', { args: [once] });

    expect(failure).toBe('TimeoutFailure: Activity timed out: SCHEDULE_TO_CLOSE');
  });

  it('of local activities end the wait if only real time could make them time out', async () => {
    activities.quote.hang();

    const waiting = env.execute<typeof workflows.quotes>('quotes', {
      args: [{ scheduleToCloseTimeout: '1 hour' }],
    });

    await expect(waiting).rejects.toThrow('The local activity quote (attempt 1) has been running');
    await env.endFailedRuns();
  });

  it('leave runs that replay as compatible', async () => {
    await expect(env.replayRuns()).resolves.toBeUndefined();
  });
});

describe('mocked activities with a fallback', () => {
  it('call the fallback for activities that are not mocked', async () => {
    const activities = mockActivities<typeof realActivities>(
      { chargeCard: async () => ({ chargeId: 'mocked' }) },
      { fallback: realActivities },
    );
    await using env = await createTestEnvironment({ workflowsPath, activities });

    const result = await env.execute<typeof workflows.order>('order', { args: ['o7'] });

    expect(result).toBe('mocked, real tracking of o7 in 2 days');
    expect(activities.ship).toHaveBeenCalledWith('o7');
  });
});
