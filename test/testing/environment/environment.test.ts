import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/testing/workflows';
import { failureOf } from '../failure-of';
import { activities, workflowsPath } from '../service';

describe('a test environment', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath, activities, stallTimeout: '1s' });
  });
  afterAll(() => env.teardown());

  it('skips a timer of a month, and runs activities in the process of the test', async () => {
    const before = await env.currentTime();

    const result = await env.execute<typeof workflows.order>('order', {
      args: [{ orderId: 'o1', cents: 100 }],
    });

    const passedMs = (await env.currentTime()).getTime() - before.getTime();
    expect(result).toBe('charge-o1 in 3 days');
    expect(passedMs).toBeGreaterThanOrEqual(30 * 24 * 60 * 60 * 1000);
  });

  it('keeps the logs of workflow code', async () => {
    const logged = env.logs.find(({ message }) => message === 'shipping');

    expect(logged).toMatchObject({ level: 'INFO', meta: { days: 3, workflowType: 'order' } });
  });

  it('keeps the logs of activity code and the output to the console', async () => {
    expect(env.logs).toContainEqual(
      expect.objectContaining({
        message: 'handed over',
        meta: expect.objectContaining({ orderId: 'o1', activityType: 'ship', attempt: 1 }),
      }),
    );
    expect(env.logs.map(({ message }) => message)).toContainEqual(expect.stringMatching(/order.*shipped 3$/));
  });

  it('keeps the metrics of workflow code, activity code and the SDK', async () => {
    const metrics = await env.metrics();

    expect(metrics).toContainEqual(
      expect.objectContaining({ name: 'shipping_days', kind: 'histogram', value: 3 }),
    );
    expect(metrics).toContainEqual(
      expect.objectContaining({ name: 'parcels', attributes: expect.objectContaining({ carrier: 'post' }) }),
    );
    expect(metrics.map(({ name }) => name)).toContain('temporal_workflow_completed');
  });

  it('finds its runs compatible on replay', async () => {
    await expect(env.replayRuns()).resolves.toBeUndefined();
  });

  it('fails a wait with the error as thrown if workflow code throws', async () => {
    const failure = await failureOf(env.execute<typeof workflows.throwsTypeError>('throwsTypeError'));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain("TypeError: Cannot read properties of undefined (reading 'field')");
    expect(failure.message).toMatch(/at test\/services\/testing\/workflows\.ts:\d+:\d+/);
    expect(failure.message).toContain('wf.log.info(nothing.field);');
  });

  it('fails a wait for an unknown workflow type with the types of the code', async () => {
    const failure = await failureOf(env.execute('aproval'));

    expect(failure.message).toMatch(/What to do: The code has .*approval.* Did you mean approval\?$/);
    await env.endFailedRuns();
  });

  it('fails a wait for a workflow that lacks a signal, with its place in the code and its history', async () => {
    const failure = await failureOf(env.execute<typeof workflows.approval>('approval'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('it waits for a signal, an update or a condition');
    expect(failure.message).toMatch(
      /test\/services\/testing\/workflows\.ts:\d+:\d+ {2}await wf\.condition\(\(\) => by !== ''\);/,
    );
    expect(failure.message).toContain('The history so far:');
  });

  it('fails a workflow that calls an activity which the test does not provide', async () => {
    const failure = await failureOf(
      env.execute<typeof workflows.callsUnknownActivity>('callsUnknownActivity'),
    );

    expect(String((failure.cause as Error).cause)).toContain(
      'The workflow called the activity notRegistered(42)',
    );
  });

  it('fails a wait for a child on a task queue that is not polled', async () => {
    const failure = await failureOf(env.execute<typeof workflows.parent>('parent'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('shipping waits on the task queue another-service');
  });

  it('fails a wait for a child that lacks a signal, with the name of the child', async () => {
    const failure = await failureOf(env.execute<typeof workflows.parentOfApproval>('parentOfApproval'));

    expect(failure.message).toContain('It waits for its child approval');
    expect(failure.message).toContain('it waits for a signal, an update or a condition');
  });

  it.each([0, 1])(
    'fails a wait for an endless loop without an await that begins after %i awaits, with its line',
    async (ms) => {
      await using env = await createTestEnvironment({ workflowsPath, activities });

      const failure = await failureOf(env.execute<typeof workflows.spins>('spins', { args: [ms] }));

      expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
      expect(failure.message).toContain('timed out');
      expect(failure.message).toMatch(
        /at test\/services\/testing\/workflows\.ts:\d+:\d+\n +at test\/services\/testing\/workflows\.ts:\d+:\d+/,
      );
      expect(failure.message).toMatch(/> \d+ \| +while \(left > 0\) left \+= 1;/);
    },
  );

  it('ends an endless loop that occurs on replay only, with its line', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities });
    await env.execute<typeof workflows.spinsOnReplay>('spinsOnReplay');

    const failure = await failureOf(env.replayRuns());

    expect(failure.code).toBe('NOT_DETERMINISTIC');
    expect(failure.message).toContain('timed out');
    expect(failure.message).toMatch(/> \d+ \| +while \(wf\.workflowInfo\(\)\.unsafe\.isReplaying\);/);
  });
});

it('the replay of unchanged code does not advise to version a change', async () => {
  await using env = await createTestEnvironment({ workflowsPath, activities });
  await env.execute<typeof workflows.replayAware>('replayAware');

  const failure = await failureOf(env.replayRuns());

  expect(failure.code).toBe('NOT_DETERMINISTIC');
  expect(failure.message).toContain('remedy    Let inputs, results and workflow time alone decide');
  expect(failure.message).not.toContain('patched');
  expect(failure.message).not.toContain('No history covers');
});

describe('a test environment with a short result timeout', () => {
  it('fails a wait for a workflow that never ends, with a summary of its work', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities, resultTimeout: '1s' });

    const failure = await failureOf(env.execute<typeof workflows.endlessLoop>('endlessLoop'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('It did not end within 1 s, though it goes on');
    expect(failure.message).toMatch(
      /What endlessLoop did so far: \d+ timers, \d+ times the activity ship, in .* of workflow time/,
    );
  });
});

describe('a test environment that keeps no workflow in memory', () => {
  it('fails a wait for code that does something else on replay, with the diagnosis', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities, evictAfterEachTask: true });

    const failure = await failureOf(env.execute<typeof workflows.notDeterministic>('notDeterministic'));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('charge');
    expect(failure.message).toMatch(/workflows\.ts:\d+/);
  });
});

describe('activities that are methods of a class', () => {
  class Shop {
    readonly charged: string[] = [];
    ship = async () => `${this.charged.length} parcel`;
    quote = async () => 3;
    async charge(orderId: string) {
      this.charged.push(orderId);
      return { chargeId: `charge-${orderId}` };
    }
  }

  it('keep their instance, and a warning says that a worker does not register them', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const shop = new Shop();
    await using env = await createTestEnvironment({ workflowsPath, activities: shop });

    const result = await env.execute<typeof workflows.order>('order', {
      args: [{ orderId: 'o1', cents: 100 }],
    });

    expect(result).toBe('charge-o1 in 3 days');
    expect(shop.charged).toEqual(['o1']);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toContain('does not register methods of a class: charge of Shop.');
    warn.mockRestore();
  });
});
