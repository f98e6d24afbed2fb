import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import type * as workflows from '../../services/testing/workflows';
import { failureOf } from '../failure-of';
import { activities, workflowsPath } from '../service';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('workflow time in a test environment', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath, activities });
  });
  afterAll(() => env.teardown());

  it('is skipped by sleep()', async () => {
    const before = await env.currentTime();

    await env.sleep('30 days');

    expect((await env.currentTime()).getTime() - before.getTime()).toBeGreaterThanOrEqual(30 * DAY_MS);
  });

  it('passes for runs that are awaited together, and not over their tasks', async () => {
    for (let round = 0; round < 5; round++) {
      const orders = ['a', 'b', 'c', 'd'].map((orderId) =>
        env.start<typeof workflows.order>('order', { args: [{ orderId, cents: 100 }] }),
      );
      const handles = await Promise.all(orders);

      const results = await Promise.all(handles.map((handle) => handle.result()));

      expect(results[0]).toBe('charge-a in 3 days');
      const histories = await Promise.all(handles.map((handle) => handle.fetchHistory()));
      const events = histories.flatMap((history) => history?.events ?? []);
      expect(events.filter((event) => event.workflowTaskTimedOutEventAttributes)).toEqual([]);
    }
  });

  it('passes in sleep() while a result is awaited, and afterwards for the result', async () => {
    const handle = await env.start<typeof workflows.countsDays>('countsDays', { args: [90] });
    const result = handle.result();

    await Promise.all([env.sleep('10 days'), env.sleep('20 days')]);
    await Promise.all([env.sleep('1 day'), env.execute('countsDays', { args: [3] })]);

    await expect(result).resolves.toBeUndefined();
  });

  it('does not pass in waitFor() if a signal leads to the wanted answer', async () => {
    const handle = await env.start<typeof workflows.approval>('approval');
    const before = await env.currentTime();
    await handle.signal('approve', 'Ada');

    const state = await handle.waitFor<string>('state', (answer) => answer !== 'waiting');

    expect(state).toBe('approved by Ada');
    expect((await env.currentTime()).getTime() - before.getTime()).toBeLessThan(5_000);
    expect(await handle.result()).toBe('unnamed by Ada');
  });

  it('passes in waitFor() if a timer leads to the wanted answer', async () => {
    const handle = await env.start<typeof workflows.countsDays>('countsDays', { args: [40] });

    const day = await handle.waitFor<number>('day', (answer) => answer >= 30);

    expect(day).toBeGreaterThanOrEqual(30);
    expect(day).toBeLessThan(35);
  });

  it('ends in waitFor() with the last answer if the wanted one does not come', async () => {
    const handle = await env.start<typeof workflows.approval>('approval');

    const failure = await failureOf(
      handle.waitFor<string>('state', (answer) => answer === 'never', { timeoutMs: 500 }),
    );

    expect(failure.code).toBe('WORKFLOW_STALLED');
    expect(failure.message).toContain('The query state, which last answered "waiting", did not become true');
  });
});

describe('a workflow whose worker is restarted in the middle', () => {
  it('continues from its history', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities });
    const handle = await env.start<typeof workflows.approval>('approval');
    await handle.executeUpdate<string, [string]>('rename', { args: ['order 7'] });

    await env.restartWorkers();
    await handle.signal('approve', 'Ada');

    expect(await handle.result()).toBe('order 7 by Ada');
  });

  it('can be evicted after each task if that is set before the first workflow only', async () => {
    await using env = await createTestEnvironment({ workflowsPath, activities });
    await env.evictAfterEachTask();
    const handle = await env.start<typeof workflows.approval>('approval');
    await handle.executeUpdate<string, [string]>('rename', { args: ['order 8'] });
    await handle.signal('approve', 'Ada');

    expect(await handle.result()).toBe('order 8 by Ada');
    expect((await failureOf(env.evictAfterEachTask())).message).toContain('comes too late');
  });
});

describe('a test environment with the full server', () => {
  it('lists runs by registered search attributes, and does not wait for a timer of a month', async () => {
    await using env = await createTestEnvironment({
      ...{ workflowsPath, activities, local: true },
      searchAttributes: { OrderId: 'Keyword' },
    });
    const handle = await env.start<typeof workflows.order>('order', {
      args: [{ orderId: 'o9', cents: 1 }],
      searchAttributes: { OrderId: ['o9'] },
    });

    const result = await handle.result();
    const found: string[] = [];
    await env.until(async () => {
      for await (const { workflowId } of env.client.workflow.list({ query: 'OrderId = "o9"' }))
        found.push(workflowId);
      return found.length > 0;
    });

    expect(result).toBe('charge-o9 in 3 days');
    expect(found).toEqual([handle.workflowId]);
  });
});

describe('a test environment without workflow code', () => {
  it.each([
    ['a missing file', { workflowsPath: 'nowhere.ts' }, 'CONFIG_INVALID', 'nowhere.ts'],
    ['no config file', {}, 'CONFIG_INVALID', 'Nothing says where the workflow code is'],
  ])('is refused with %s', async (_, options, code, message) => {
    const failure = await failureOf(createTestEnvironment({ ...options, cwd: __dirname }));

    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
  });
});
