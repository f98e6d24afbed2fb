/** The full server skips timers by itself, for a workflow whose result is awaited. */
import { join } from 'node:path';
import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import { soon } from '../../helpers/soon';
import type * as workflows from '../../services/held-time/workflows';

describe('the full server', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({
      workflowsPath: join(__dirname, '../../services/held-time/workflows.ts'),
      ...{ activities: { rest: async () => 'rested' }, local: true },
    });
  });
  afterAll(() => env.teardown());

  it('skips the timers of a workflow whose result is awaited, also one that is pending already', async () => {
    const handle = await env.start<typeof workflows.month>('month');
    await soon(async () => expect((await handle.fetchHistory()).events!.length).toBeGreaterThan(4));

    expect(await handle.result()).toBe('a month later');
    expect(await env.execute('cancelsRest')).toBe('rested');
  });

  it('skips the timers of its children', async () => {
    await env.execute<typeof workflows.awaitsChild>('awaitsChild', { args: ['slow'] });
  });

  it('leaves the time of other workflows real', async () => {
    const other = await env.start<typeof workflows.month>('month');

    await env.execute('month');

    expect((await other.describe()).status.name).toBe('RUNNING');
    await other.terminate();
  });

  it('finds runs whose time it has skipped compatible on replay', async () => {
    await env.replayRuns();
  });
});
