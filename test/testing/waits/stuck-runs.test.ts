/** Work that never ends, and its effect on the next test of the file. */
import { join } from 'node:path';
import { createTestEnvironment, mockActivities, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/stuck/workflows';
import { failureOf } from '../failure-of';

interface Activities {
  charge(): Promise<string>;
}

describe('a wait for a workflow', () => {
  const activities = mockActivities<Activities>();
  let env: TestEnvironment;
  beforeAll(async () => {
    const workflowsPath = join(__dirname, '../../services/stuck/workflows.ts');
    env = await createTestEnvironment({
      ...{ workflowsPath, activities },
      ...{ stallTimeout: '2s', resultTimeout: '5s' },
    });
  });
  afterAll(() => env.teardown());
  // The setup of a test runner does the same.
  beforeEach(() => env.endFailedRuns());
  beforeEach(() => void activities.charge.mockReset());

  /** Runs a timer of a month. The wait fails after resultTimeout if what came before still holds the time. */
  const expectTimeToPass = async (): Promise<void> => {
    await env.endFailedRuns();
    await expect(env.execute<typeof workflows.month>('month')).resolves.toBeUndefined();
  };

  it('fails if an activity fails again and again', async () => {
    activities.charge.mockRejectedValue(new Error('the bank is down'));

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toMatch(/does not end. The activity charge has failed \d+ times/);
    expect(failure.message).toContain('Its last failure: the bank is down');
    await expectTimeToPass();
  });

  it('fails with the name of an activity whose result cannot be serialized', async () => {
    activities.charge.mockResolvedValue(1n as unknown as string);

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.message).toContain('The result of the activity charge cannot be serialized');
    await expectTimeToPass();
  });

  it('fails if the workflow continues as new again and again', async () => {
    const failure = await failureOf(env.execute<typeof workflows.again>('again', { args: [0] }));

    expect(failure.message).toContain('again has been run more than 25 times');
    await expectTimeToPass();
  });

  it('fails with a summary of the timers that used up the run timeout of ten years', async () => {
    const failure = await failureOf(env.execute<typeof workflows.everyMonth>('everyMonth'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('It has used up the ten years');
    expect(failure.message).toContain('What it did in them: 122 timers');
    expect(failure.message).toMatch(/workflows\.ts:\d+:\d+ {2}for \(;;\) await sleep\('30 days'\);/);
    await expectTimeToPass();
  });

  it('fails with the child whose timers used up the run timeout', async () => {
    const failure = await failureOf(env.execute<typeof workflows.parentOfMonths>('parentOfMonths'));

    expect(failure.message).toMatch(/It waits for its child everyMonth .*It has used up the ten years/);
    await expectTimeToPass();
  });

  it('fails if an activity never returns, and time passes afterwards', async () => {
    activities.charge.mockImplementation(() => new Promise<never>(() => undefined));

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.message).toContain('The activity charge (attempt 1) has been running');
    await expectTimeToPass();
  });

  it('fails if the task queue of a child is not polled, and time passes afterwards', async () => {
    const failure = await failureOf(env.execute<typeof workflows.childElsewhere>('childElsewhere'));

    expect(failure.message).toContain('which no worker of this test polls');
    await expectTimeToPass();
  });

  it('fails if its condition never becomes true, before the server clock overflows', async () => {
    const failure = await failureOf(env.until(() => false));

    expect(failure.message).toContain('did not become true within');
    await expectTimeToPass();
  });

  it('fails if an activity hangs in each attempt, and time passes afterwards', async () => {
    activities.charge.hang();

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    // On a busy machine, one attempt can last longer than stallTimeout.
    expect(failure.message).toMatch(/does not (?:end|go on)/);
    await expectTimeToPass();
  });
});
