import { createTestEnvironment, mockActivities } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import { trial } from '../src/workflows';

it('starts a workflow by a schedule, on the full server', async () => {
  const activities = mockActivities<Activities>();
  await using env = await createTestEnvironment({
    ...{ workflowsPath: 'src/workflows.ts', activities, local: true },
  });
  const schedule = await env.client.schedule.create({
    scheduleId: 'trials',
    spec: { intervals: [{ every: '1 hour' }] },
    action: { type: 'startWorkflow', workflowType: trial, args: ['u1'], taskQueue: env.taskQueue },
  });

  await schedule.trigger();

  await env.until(async () => (await schedule.describe()).info.recentActions.length === 1);
});
