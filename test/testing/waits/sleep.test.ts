/** `env.sleep` and `env.until` fail if the time does not pass, with the reason. */
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
  // The setup of a test runner does the same.
  beforeEach(() => env.testStarted());
  afterEach(() => env.endTest());

  /** Runs a timer of a month. The wait fails after resultTimeout if what came before still holds the time. */
  const expectTimeToPass = async (): Promise<void> => {
    await env.endTest();
    await expect(env.execute<typeof workflows.month>('month')).resolves.toBeUndefined();
  };

  it.each([
    ['env.sleep()', () => env.sleep('2 days')],
    ['env.until()', () => env.until(() => false)],
  ])('fails %s with the error as thrown if a workflow task fails', async (_, pass) => {
    await env.start<typeof workflows.brokenBasket>('brokenBasket');

    const failure = await failureOf(pass());

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('TypeError: broken');
    await expectTimeToPass();
  });

  it('fails a sleep with the name of the activity that holds the time', async () => {
    activities.charge.mockImplementation(() => new Promise<never>(() => undefined));
    await env.start<typeof workflows.charges>('charges');

    const failure = await failureOf(env.sleep('2 days'));

    expect(failure.message).toMatch(
      /^The sleep of 2 days does not end\. The activity charge .* has been running/,
    );
    expect(failure.stack).toContain('sleep.test.ts');
    await expectTimeToPass();
  });

  it('fails a sleep that covers more timers than resultTimeout allows, with their count', async () => {
    await env.start<typeof workflows.everyMinute>('everyMinute');

    const failure = await failureOf(env.sleep('3 years'));

    expect(failure.message).toMatch(/The sleep of 3 years does not end\. It did not end within 3 s/);
    expect(failure.message).toMatch(/What everyMinute did so far: [\d,]+ timers/);
    await expectTimeToPass();
  });

  it('does not fail a sleep because of a failure that was reported before', async () => {
    await failureOf(env.execute<typeof workflows.brokenBasket>('brokenBasket'));
    await env.endFailedRuns();

    await env.sleep('2 days');
  });
});
