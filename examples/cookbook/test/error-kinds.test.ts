import { createTestEnvironment, mockActivities, nonRetryableFailure } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { checked } from '../src/workflows';

it.each([
  ['a refusal', nonRetryableFailure('no money', 'CardDeclined'), 'declined'],
  ['an answer', 'c1', 'c1'],
])('ends with %s of the bank', async (_, outcome, expected) => {
  const activities = mockActivities<Activities>();
  activities.charge.byAttempt([outcome]);
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });

  expect(await env.execute(checked, { args: ['o1'] })).toBe(expected);
});

it('fails with an error of its own where the bank is down', async () => {
  const activities = mockActivities<Activities>();
  activities.charge.mockRejectedValue(nonRetryableFailure('gone', 'BankError'));
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });

  const failing = env.execute(checked, { args: ['o1'] });

  await expect(failing).rejects.toMatchObject({ cause: { type: 'BankDown' } });
});
