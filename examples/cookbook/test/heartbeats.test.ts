import { createTestEnvironment, hang, mockActivities, runActivity } from 'temporal-replay/testing';
import { type Activities, importRows } from '../src/activities';
import { importFile } from '../src/workflows';

it('goes on where the attempt before has stopped', async () => {
  const run = runActivity(importRows, [['a', 'b', 'c']], { heartbeatDetails: 1, attempt: 2 });

  expect(await run).toBe(2);
  expect(run.heartbeats).toEqual([2, 3]);
});

it('tries again after half a minute without a heartbeat', async () => {
  const activities = mockActivities<Activities>();
  activities.importRows.byAttempt([hang(), async () => 3]);
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', activities });

  expect(await env.execute(importFile, { args: ['rows.csv'] })).toBe(3);
});
