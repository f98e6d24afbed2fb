/** Work that never ends, and what it leaves to the next test of the file. */
import { join } from 'node:path';
import { createTestEnvironment, mockActivities, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/stuck/workflows';
import { failureOf } from '../failure-of';

interface Activities {
  charge(): Promise<string>;
}

describe('a test environment', () => {
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
  // As the setup of a test runner does.
  beforeEach(() => env.endFailedRuns());
  beforeEach(() => void activities.charge.mockReset());

  const runsAtNormalSpeed = async (): Promise<void> => {
    await env.endFailedRuns();
    const startedAt = Date.now();
    await env.execute<typeof workflows.month>('month');
    expect(Date.now() - startedAt).toBeLessThan(900);
  };

  it('ends the wait for an activity that fails again and again', async () => {
    activities.charge.mockRejectedValue(new Error('the bank is down'));

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toMatch(/does not end. The activity charge has failed \d+ times/);
    expect(failure.message).toContain('Its last failure: the bank is down');
    await runsAtNormalSpeed();
  });

  it('names the activity whose result cannot be serialized', async () => {
    activities.charge.mockResolvedValue(1n as unknown as string);

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.message).toContain('The result of the activity charge cannot be serialized');
    await runsAtNormalSpeed();
  });

  it('ends the wait for a workflow that continues as new again and again', async () => {
    const failure = await failureOf(env.execute<typeof workflows.again>('again', { args: [0] }));

    expect(failure.message).toContain('again has been run more than 25 times');
    await runsAtNormalSpeed();
  });

  it('says what used up the ten years that the server gives a run', async () => {
    const failure = await failureOf(env.execute<typeof workflows.everyMonth>('everyMonth'));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('It has used up the ten years');
    expect(failure.message).toContain('What it did in them: 122 timers');
    expect(failure.message).toMatch(/workflows\.ts:\d+:\d+ {2}for \(;;\) await sleep\('30 days'\);/);
    await runsAtNormalSpeed();
  });

  it('says so of a child that its parent waited for', async () => {
    const failure = await failureOf(env.execute<typeof workflows.parentOfMonths>('parentOfMonths'));

    expect(failure.message).toMatch(/It waits for its child everyMonth .*It has used up the ten years/);
    await runsAtNormalSpeed();
  });

  it('goes on at normal speed after an activity that never returned', async () => {
    activities.charge.mockImplementation(() => new Promise<never>(() => undefined));

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.message).toContain('The activity charge (attempt 1) has been running');
    await runsAtNormalSpeed();
  });

  it('goes on at normal speed after a child whose queue nobody polls', async () => {
    const failure = await failureOf(env.execute<typeof workflows.childElsewhere>('childElsewhere'));

    expect(failure.message).toContain('which no worker of this test polls');
    await runsAtNormalSpeed();
  });

  it('ends a wait for what never becomes true, before the clock of the server ends', async () => {
    const failure = await failureOf(env.until(() => false));

    expect(failure.message).toContain('did not become true within');
    await runsAtNormalSpeed();
  });

  it('goes on at normal speed after an activity that hung in each attempt', async () => {
    activities.charge.hang();

    const failure = await failureOf(env.execute<typeof workflows.charges>('charges'));

    expect(failure.message).toContain('does not end');
    await runsAtNormalSpeed();
  });
});
