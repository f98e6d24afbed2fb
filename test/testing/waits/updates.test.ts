/** Waits for updates and queries: workflow time passes for updates while nothing else goes on, and no wait hangs. */
import { join } from 'node:path';
import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/stuck/workflows';
import { failureOf } from '../failure-of';

const workflowsPath = join(__dirname, '../../services/stuck/workflows.ts');
const DAY_MS = 24 * 3_600_000;

describe('an update', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath, stallTimeout: '1s', resultTimeout: '4s' });
  });
  afterAll(() => env.teardown());
  // The setup of a test runner does the same.
  beforeEach(() => env.endFailedRuns());
  const start = async () => env.start<typeof workflows.basket>('basket');

  it('takes no workflow time if its handler returns at once', async () => {
    const before = await env.currentTime();
    const handle = await start();

    expect(await handle.executeUpdate('addAtOnce')).toBe('added');

    expect((await env.currentTime()).getTime() - before.getTime()).toBeLessThan(DAY_MS / 24);
    await handle.terminate();
  });

  it('takes the workflow time that its handler takes', async () => {
    const before = await env.currentTime();
    const handle = await start();

    expect(await handle.executeUpdate('addAfterADay')).toBe('added');

    const passedMs = (await env.currentTime()).getTime() - before.getTime();
    expect(passedMs).toBeGreaterThanOrEqual(DAY_MS);
    expect(passedMs).toBeLessThan(2 * DAY_MS);
    await handle.terminate();
  });

  it('takes the time of its handler also if it was started before its result is awaited', async () => {
    const handle = await start();
    const update = await handle.startUpdate('addAfterADay', { waitForStage: 'ACCEPTED' });

    expect(await update.result()).toBe('added');
    await handle.terminate();
  });

  it('is answered after a signal that its handler waits for', async () => {
    const handle = await start();
    const update = handle.executeUpdate('addWhenApproved');
    await handle.signal('approve');

    expect(await update).toBe('added');
    await handle.terminate();
  });

  it('fails with the error as thrown if its handler throws', async () => {
    const handle = await start();

    const failure = await failureOf(handle.executeUpdate('addWrongly'));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('TypeError');
    expect(failure.message).toMatch(/workflows\.ts:\d+/);
  });

  it.each([
    [
      'executeUpdate()',
      (handle: Awaited<ReturnType<typeof start>>) => handle.executeUpdate('addWhenApproved'),
    ],
    [
      'startUpdate()',
      async (handle: Awaited<ReturnType<typeof start>>) =>
        (await handle.startUpdate('addWhenApproved', { waitForStage: 'ACCEPTED' })).result(),
    ],
  ])('fails with the place where its handler waits if %s is never answered', async (_, wait) => {
    const handle = await env.start<typeof workflows.openBasket>('openBasket');

    const failure = await failureOf(wait(handle));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toMatch(/^The update.* is not answered\. The workflow .* does not go on\./);
    expect(failure.message).toContain('it waits for a signal, an update or a condition');
    expect(failure.message).toMatch(/workflows\.ts:\d+:\d+ {2}await condition\(\(\) => false\);/);
  });
});

it('a query fails with the error as thrown if a workflow task fails', async () => {
  await using env = await createTestEnvironment({ workflowsPath });
  const handle = await env.start<typeof workflows.brokenBasket>('brokenBasket');
  await failureOf(env.sleep('1 second'));

  const failure = await failureOf(handle.query('state'));

  expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
  expect(failure.message).toContain('TypeError');
});

it('a wait for an answer fails if the workflow ends without it', async () => {
  await using env = await createTestEnvironment({ workflowsPath });
  const handle = await env.start<typeof workflows.shortBasket>('shortBasket');

  const failure = await failureOf(handle.waitFor<string>('state', (answer) => answer === 'full'));

  expect(failure.message).toBe(
    'The query state, which last answered "empty", cannot become true any more: the workflow has ended (COMPLETED).',
  );
});

it('the shown history leaves out the run timeout that the server has skipped to', async () => {
  await using env = await createTestEnvironment({ workflowsPath });

  const { message } = await failureOf(env.execute<typeof workflows.openBasket>('openBasket'));

  expect(message).toMatch(/… workflow still open$/m);
  expect(message).not.toContain('timed out');
});

it('an update fails with the task queue if no worker polls it', async () => {
  await using env = await createTestEnvironment({ workflowsPath, stallTimeout: '1s' });
  const handle = await env.client.workflow.start('basket', { taskQueue: 'nobody', workflowId: 'b1' });

  const failure = await failureOf(handle.executeUpdate('addAtOnce'));

  expect(failure.code).toBe('WORKFLOW_STALLED');
  expect(failure.message).toContain('which no worker of this test polls');
});
