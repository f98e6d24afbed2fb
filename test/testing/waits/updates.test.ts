/** Waits for updates and queries: workflow time passes for them where nothing else goes on, and they never hang. */
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
  // As the setup of a test runner does.
  beforeEach(() => env.endFailedRuns());
  const start = async () => env.start<typeof workflows.basket>('basket');

  it('that is answered at once takes no workflow time', async () => {
    const before = await env.currentTime();
    const handle = await start();

    expect(await handle.executeUpdate('addAtOnce')).toBe('added');

    expect((await env.currentTime()).getTime() - before.getTime()).toBeLessThan(DAY_MS / 24);
    await handle.terminate();
  });

  it('gets the workflow time that its handler takes', async () => {
    const before = await env.currentTime();
    const handle = await start();

    expect(await handle.executeUpdate('addAfterADay')).toBe('added');

    const passedMs = (await env.currentTime()).getTime() - before.getTime();
    expect(passedMs).toBeGreaterThanOrEqual(DAY_MS);
    expect(passedMs).toBeLessThan(2 * DAY_MS);
    await handle.terminate();
  });

  it('that was started before gets it when its result is awaited', async () => {
    const handle = await start();
    const update = await handle.startUpdate('addAfterADay', { waitForStage: 'ACCEPTED' });

    expect(await update.result()).toBe('added');
    await handle.terminate();
  });

  it('may wait for a signal that comes later', async () => {
    const handle = await start();
    const update = handle.executeUpdate('addWhenApproved');
    await handle.signal('approve');

    expect(await update).toBe('added');
    await handle.terminate();
  });

  it('whose handler throws fails the test at once, with the error as thrown', async () => {
    const handle = await start();

    const failure = await failureOf(handle.executeUpdate('addWrongly'));

    expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
    expect(failure.message).toContain('TypeError');
    expect(failure.message).toMatch(/workflows\.ts:\d+/);
  });

  it.each([
    ['executed', (handle: Awaited<ReturnType<typeof start>>) => handle.executeUpdate('addWhenApproved')],
    [
      'started',
      async (handle: Awaited<ReturnType<typeof start>>) =>
        (await handle.startUpdate('addWhenApproved', { waitForStage: 'ACCEPTED' })).result(),
    ],
  ])('that is %s and never ends says what it waits for, and where', async (_, wait) => {
    const handle = await env.start<typeof workflows.openBasket>('openBasket');

    const failure = await failureOf(wait(handle));

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toMatch(/^The update.* is not answered\. The workflow .* does not go on\./);
    expect(failure.message).toContain('it waits for a signal, an update or a condition');
    expect(failure.message).toMatch(/workflows\.ts:\d+:\d+ {2}await condition\(\(\) => false\);/);
  });
});

it('a query of a workflow whose code fails is told so at once', async () => {
  await using env = await createTestEnvironment({ workflowsPath });
  const handle = await env.start<typeof workflows.brokenBasket>('brokenBasket');
  await failureOf(env.sleep('1 second'));

  const startedAt = Date.now();
  const failure = await failureOf(handle.query('state'));

  expect(Date.now() - startedAt).toBeLessThan(3_000);
  expect(failure.code).toBe('WORKFLOW_TASK_FAILED');
  expect(failure.message).toContain('TypeError');
});

it('a wait for an answer ends where the workflow has ended without it', async () => {
  await using env = await createTestEnvironment({ workflowsPath });
  const handle = await env.start<typeof workflows.shortBasket>('shortBasket');

  const startedAt = Date.now();
  const failure = await failureOf(handle.waitFor<string>('state', (answer) => answer === 'full'));

  expect(Date.now() - startedAt).toBeLessThan(3_000);
  expect(failure.message).toBe(
    'The query state, which last answered "empty", cannot become true any more: the workflow has ended (COMPLETED).',
  );
});

it('the end that the server has skipped to is not part of what is shown', async () => {
  await using env = await createTestEnvironment({ workflowsPath });

  const { message } = await failureOf(env.execute<typeof workflows.openBasket>('openBasket'));

  expect(message).toMatch(/… workflow still open$/m);
  expect(message).not.toContain('timed out');
});

it('an update of a workflow whose queue nobody polls says so', async () => {
  await using env = await createTestEnvironment({ workflowsPath, stallTimeout: '1s' });
  const handle = await env.client.workflow.start('basket', { taskQueue: 'nobody', workflowId: 'b1' });

  const failure = await failureOf(handle.executeUpdate('addAtOnce'));

  expect(failure.code).toBe('WORKFLOW_STALLED');
  expect(failure.message).toContain('which no worker of this test polls');
});
