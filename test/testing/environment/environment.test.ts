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

  it('runs a workflow whose timer takes a month, with its activities in the process of the test', async () => {
    const before = await env.currentTime();

    const result = await env.execute<typeof workflows.order>('order', {
      args: [{ orderId: 'o1', cents: 100 }],
    });

    const passedMs = (await env.currentTime()).getTime() - before.getTime();
    expect(result).toBe('charge-o1 in 3 days');
    expect(passedMs).toBeGreaterThanOrEqual(30 * 24 * 60 * 60 * 1000);
  });

  it('keeps what workflow code logs', async () => {
    const logged = env.logs.find(({ message }) => message === 'shipping');

    expect(logged).toMatchObject({ level: 'INFO', meta: { days: 3, workflowType: 'order' } });
  });

  it('keeps what activity code logs and what goes to the console', async () => {
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

  it('finds what it ran compatible on replay', async () => {
    await expect(env.replayRuns()).resolves.toBeUndefined();
  });

  it('fails at once, with the error as thrown, where workflow code throws', async () => {
    const startedAt = Date.now();

    const failure = await failureOf(env.execute<typeof workflows.throwsTypeError>('throwsTypeError'));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain("TypeError: Cannot read properties of undefined (reading 'field')");
    expect(failure.message).toMatch(/at test\/services\/testing\/workflows\.ts:\d+:\d+/);
    expect(failure.message).toContain('wf.log.info(nothing.field);');
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  it('says which workflow types there are where one is not', async () => {
    const failure = await failureOf(env.execute('aproval'));

    expect(failure.message).toMatch(/What to do: The code has .*approval.* Did you mean approval\?$/);
    await env.endFailedRuns();
  });

  it('says what a workflow waits for that nobody sends, where, and what happened so far', async () => {
    const failure = await failureOf(env.execute<typeof workflows.approval>('approval'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('it waits for a signal, an update or a condition');
    expect(failure.message).toMatch(
      /test\/services\/testing\/workflows\.ts:\d+:\d+ {2}await wf\.condition\(\(\) => by !== ''\);/,
    );
    expect(failure.message).toContain('The history so far:');
  });

  it('ends a workflow that calls an activity that the test has not', async () => {
    const failure = await failureOf(
      env.execute<typeof workflows.callsUnknownActivity>('callsUnknownActivity'),
    );

    expect(String((failure.cause as Error).cause)).toContain(
      'The workflow called the activity notRegistered(42)',
    );
  });

  it('says that no worker polls the queue of a child', async () => {
    const failure = await failureOf(env.execute<typeof workflows.parent>('parent'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('shipping waits on the task queue another-service');
  });

  it('says what a child waits for', async () => {
    const failure = await failureOf(env.execute<typeof workflows.parentOfApproval>('parentOfApproval'));

    expect(failure.message).toContain('It waits for its child approval');
    expect(failure.message).toContain('it waits for a signal, an update or a condition');
  });

  it.each([0, 1])('ends an endless loop without an await that begins after %i awaits', async (ms) => {
    await using env = await createTestEnvironment({ workflowsPath, activities });

    const failure = await failureOf(env.execute<typeof workflows.spins>('spins', { args: [ms] }));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('timed out');
    expect(failure.message).toMatch(
      /at test\/services\/testing\/workflows\.ts:\d+:\d+\n +at test\/services\/testing\/workflows\.ts:\d+:\d+/,
    );
    expect(failure.message).toMatch(/> \d+ \| +while \(left > 0\) left \+= 1;/);
  });

  it('ends an endless loop that is one on replay only', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities });
    await env.execute<typeof workflows.spinsOnReplay>('spinsOnReplay');

    const failure = await failureOf(env.replayRuns());

    expect(failure.code).toBe('NOT_DETERMINISTIC');
    expect(failure.message).toContain('timed out');
    expect(failure.message).toMatch(/> \d+ \| +while \(wf\.workflowInfo\(\)\.unsafe\.isReplaying\);/);
  });
});

it('what it ran is no change of code to be versioned where it does something else on replay', async () => {
  await using env = await createTestEnvironment({ workflowsPath, activities });
  await env.execute<typeof workflows.replayAware>('replayAware');

  const failure = await failureOf(env.replayRuns());

  expect(failure.code).toBe('NOT_DETERMINISTIC');
  expect(failure.message).toContain('remedy    Let inputs, results and workflow time alone decide');
  expect(failure.message).not.toContain('patched');
  expect(failure.message).not.toContain('No history covers');
});

describe('a test environment with a short result timeout', () => {
  it('ends a workflow that goes on for ever', async () => {
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
  it('finds code that does something else on replay, with the diagnosis', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities, evictAfterEachTask: true });

    const failure = await failureOf(env.execute<typeof workflows.notDeterministic>('notDeterministic'));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('charge');
    expect(failure.message).toMatch(/workflows\.ts:\d+/);
  });
});
