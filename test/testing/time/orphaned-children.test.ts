/** Time that the time-skipping server holds up for nothing, and sleeps of activities, which hold it. */
import { join } from 'node:path';
import { createTestEnvironment, type TestEnvironment } from '../../../lib/testing';
import { soon } from '../../helpers/soon';
import type * as workflows from '../../services/held-time/workflows';

describe('time in an environment', () => {
  let env: TestEnvironment;
  let rest: () => Promise<unknown> = async () => undefined;
  beforeAll(async () => {
    env = await createTestEnvironment({
      // A server on a busy machine takes more than the 7 s by default.
      resultTimeout: '60s',
      workflowsPath: join(__dirname, '../../services/held-time/workflows.ts'),
      activities: { rest: () => rest() },
    });
  });
  afterAll(() => env.teardown());
  // The setup of a test runner does the same.
  beforeEach(() => env.testStarted());
  afterEach(() => env.endTest());

  /** Time neither stands still nor passes over a workflow task. */
  const expectTimeToPass = async (): Promise<void> => {
    await env.sleep('1 hour');
    const handle = await env.start<typeof workflows.month>('month');
    expect(await handle.result()).toBe('a month later');
    const { events } = await handle.fetchHistory();
    expect(events!.filter((event) => event.workflowTaskTimedOutEventAttributes)).toEqual([]);
  };

  it.each<[string, Omit<Parameters<typeof workflows.leaves>[0], 'id'>]>([
    ['ends at once', { type: 'quick' }],
    ['ends after two hours', { type: 'slow' }],
    ['fails', { type: 'fails' }],
    ['times out', { type: 'forever', workflowRunTimeout: '3 hours' }],
    ['is cancelled with it', { type: 'forever', policy: 'REQUEST_CANCEL' }],
    ['starts after its end', { type: 'quick', awaitsStart: false }],
    ['starts after its end and goes on for two hours', { type: 'slow', awaitsStart: false }],
    ['never ends', { type: 'forever' }],
  ])('passes after a workflow whose child %s', async (name, child) => {
    const id = name.replaceAll(' ', '-');
    const parent = await env.start<typeof workflows.leaves>('leaves', { args: [{ ...child, id }] });
    await parent.result();

    for (let times = 0; times < 4; times++) await env.sleep('1 hour');
    await expectTimeToPass();
  });

  it('passes after a child that was terminated later than its parent ended', async () => {
    const child = { type: 'forever', id: 'terminated' };
    const parent = await env.start<typeof workflows.leaves>('leaves', { args: [child] });
    // A wait for the result would let years pass, to the timeout of the child.
    await soon(async () => expect((await parent.describe()).status.name).toBe('COMPLETED'));
    await env.client.workflow.getHandle('terminated').terminate();

    await expectTimeToPass();
  });

  it.each([
    ['to its end', 'rests', 'rested'],
    ['until a timer of its workflow fires', 'races', 'the timer won'],
    ['as a local activity', 'restsLocally', 'rested'],
    ['until it is cancelled', 'cancelsRest', 'cancelled'],
  ])('passes while an activity sleeps %s', async (_, type, result) => {
    rest = async () => {
      await env.sleep('20 seconds');
      return 'rested';
    };

    expect(await env.execute(type)).toBe(result);
    await expectTimeToPass();
  });
});
