import { activityInfo, Context, heartbeat, log, sleep } from '@temporalio/activity';
import { CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { runActivity } from '../../../lib/testing';

/** Goes on where the last attempt was. */
async function importPages({ pages }: { pages: number }): Promise<number> {
  const done = (activityInfo().heartbeatDetails as number | undefined) ?? 0;
  for (let page = done + 1; page <= pages; page++) {
    heartbeat(page);
    log.info('imported', { page });
    await sleep(5);
  }
  return pages - done;
}

const add = async (a: number, b: number): Promise<number> => a + b;
const sum = async (values: number[]): Promise<number> => values.reduce((a, b) => a + b, 0);

describe('runActivity', () => {
  it('resolves to the result of the activity, with its heartbeats and logs', async () => {
    const run = runActivity(importPages, { pages: 2 });

    expect(await run).toBe(2);
    expect(run.heartbeats).toEqual([1, 2]);
    expect(run.logs).toMatchObject([
      { level: 'INFO', message: 'imported', meta: { page: 1, activityType: 'importPages', attempt: 1 } },
      { message: 'imported', meta: { page: 2 } },
    ]);
  });

  it('takes all arguments as a list', async () => {
    expect(await runActivity(add, [1, 2])).toBe(3);
    expect(await runActivity(sum, [[1, 2, 3]])).toBe(6);
  });

  it('passes the heartbeat details of the previous attempt', async () => {
    const run = runActivity(importPages, { pages: 4 }, { heartbeatDetails: 3, attempt: 2 });

    expect(await run).toBe(1);
    expect(run.heartbeats).toEqual([4]);
    expect(run.logs[0]?.meta.attempt).toBe(2);
  });

  it('rejects with the error of the activity', async () => {
    const fails = async (): Promise<void> => {
      heartbeat('almost');
      throw new TypeError('no such page');
    };
    const run = runActivity(fails, []);

    await expect(run).rejects.toThrow(TypeError);
    expect(run.heartbeats).toEqual(['almost']);
  });

  it('cancels the activity after the given time', async () => {
    const run = runActivity(importPages, { pages: 1_000 }, { cancelAfter: 30 });

    await expect(run).rejects.toThrow(CancelledFailure);
    expect(run.heartbeats.length).toBeLessThan(100);
  });

  it('cancels before the activity begins', async () => {
    const seen = async () => Context.current().cancellationSignal.aborted;

    expect(await runActivity(seen, [], { cancelAfter: 0 })).toBe(true);
    expect(await runActivity(seen, [])).toBe(false);
  });

  it('rejects with a TimeoutFailure if the activity exceeds startToCloseTimeout', async () => {
    const run = runActivity(importPages, { pages: 1_000 }, { startToCloseTimeout: '50ms' });

    await expect(run).rejects.toThrow('The activity importPages did not end within 50ms.');
    await expect(run).rejects.toThrow(TimeoutFailure);
  });

  it('rejects with a TimeoutFailure if the activity sends no heartbeats', async () => {
    const silent = async () => {
      heartbeat(7);
      await sleep('1 minute');
    };
    const run = runActivity(silent, [], { heartbeatTimeout: 40 });

    await expect(run).rejects.toMatchObject({
      message: 'The activity silent sent no heartbeat for 40 ms.',
      lastHeartbeatDetails: 7,
      timeoutType: 'HEARTBEAT',
    });
  });

  it('overrides fields of the activity info', async () => {
    const workflowType = async () => activityInfo().workflowType;

    expect(await runActivity(workflowType, [], { info: { workflowType: 'order' } })).toBe('order');
  });
});
