/** `env.sleep` and `env.until` end where something is in the way of time, and say what. */
import { join } from 'node:path';
import { createTestEnvironment, mockActivities, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/stuck/workflows';
import { failureOf } from '../failure-of';

describe('time in a test', () => {
  const activities = mockActivities<{ charge(): Promise<string> }>();
  let env: TestEnvironment;
  beforeAll(async () => {
    const workflowsPath = join(__dirname, '../../services/stuck/workflows.ts');
    env = await createTestEnvironment({
      ...{ workflowsPath, activities },
      ...{ stallTimeout: '1s', resultTimeout: '3s' },
    });
  });
  afterAll(() => env.teardown());
  // As the setup of a test runner does.
  beforeEach(() => env.testStarted());
  afterEach(() => env.endTest());

  const runsAtNormalSpeed = async (): Promise<void> => {
    await env.endTest();
    const startedAt = Date.now();
    await env.execute<typeof workflows.month>('month');
    expect(Date.now() - startedAt).toBeLessThan(900);
  };

  it.each([
    ['a sleep', () => env.sleep('2 days')],
    ['a wait', () => env.until(() => false)],
  ])('%s fails at once where a workflow task fails, with the error as thrown', async (_, pass) => {
    await env.start<typeof workflows.brokenBasket>('brokenBasket');
    const startedAt = Date.now();

    const failure = await failureOf(pass());

    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('TypeError: broken');
    await runsAtNormalSpeed();
  });

  it('a sleep says which activity holds it up', async () => {
    activities.charge.mockImplementation(() => new Promise<never>(() => undefined));
    await env.start<typeof workflows.charges>('charges');

    const failure = await failureOf(env.sleep('2 days'));

    expect(failure.message).toMatch(
      /^The sleep of 2 days does not end\. The activity charge .* has been running/,
    );
    expect(failure.stack).toContain('sleep.test.ts');
    await runsAtNormalSpeed();
  });

  it('a sleep over more timers than there is time for says so', async () => {
    await env.start<typeof workflows.everyMinute>('everyMinute');

    const failure = await failureOf(env.sleep('3 years'));

    expect(failure.message).toMatch(/The sleep of 3 years does not end\. It did not end within 3 s/);
    expect(failure.message).toMatch(/What everyMinute did so far: [\d,]+ timers/);
    await runsAtNormalSpeed();
  });

  it('a sleep goes over a failure that the test knows of', async () => {
    await failureOf(env.execute<typeof workflows.brokenBasket>('brokenBasket'));
    await env.endFailedRuns();

    await env.sleep('2 days');
  });
});
