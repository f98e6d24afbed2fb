/** Asks a real server about versions between which runs are still on their way, and deploys the code there. */
import type { Worker } from '@temporalio/worker';
import type { DeployReport, DeployRow } from '../../src/model/deploy';
import { useDevServer } from '../helpers/dev-server';
import { replay, reportOf } from '../helpers/replay-cli';
import { type DeployedService, deployedService, rampUp, until } from './deployed-service';

const workers: Worker[] = [];
// Registered before the server's own, since workers hold its connection.
afterAll(() => Promise.all(workers.map((worker) => service.stop(worker))));
const env = useDevServer({ extraArgs: ['--dynamic-config-value', 'frontend.WorkflowPauseEnabled=true'] });
let service: DeployedService;
let deploy: DeployReport;

const ORDERS = Array.from({ length: 8 }, (_, i) => ({ id: `order-${i}`, isLarge: i % 2 === 1 }));
const POLLS = ['poll-0', 'poll-1'];
const PAUSED = 'order-0';
const large = ORDERS.filter(({ isLarge }) => isLarge).map(({ id }) => id);

const handle = (id: string) => env().client.workflow.getHandle(id);
const eventsOf = async (id: string) => (await handle(id).fetchHistory()).events ?? [];
const isStuck = async (id: string): Promise<boolean> =>
  ((await handle(id).describe()).raw.pendingWorkflowTask?.attempt ?? 1) > 1;
const stuckAmong = async (ids: readonly string[]): Promise<string[]> => {
  const found = await Promise.all(ids.map(async (id) => ((await isStuck(id)) ? [id] : [])));
  return found.flat().sort();
};
const start = (type: string, workflowId: string, taskQueue: string, ...args: unknown[]) =>
  env().client.workflow.start(type, { workflowId, taskQueue, args });
const rowOf = (workflowType: string): DeployRow =>
  deploy.rows.find((row) => row.workflowType === workflowType)!;

beforeAll(async () => {
  service = deployedService(env());
  const ramps = { deploymentName: 'ramps', behavior: 'AUTO_UPGRADE' } as const;
  workers.push(await service.deploy('v1.ts', 'ramp', { ...ramps, buildId: 'a1' }));
  const chains = { deploymentName: 'chains', behavior: 'PINNED' } as const;
  workers.push(await service.deploy('v1.ts', 'chain', { ...chains, buildId: 'p1' }));
  for (const { id, isLarge } of ORDERS) await start('order', id, 'ramp', isLarge);
  for (const id of POLLS) await start('poll', id, 'chain', 'page-1');
  await start('reminder', 'reminder', 'chain');
  for (const { id, isLarge } of ORDERS)
    await until(async () => (await eventsOf(id)).length >= (isLarge ? 16 : 10));
  for (const id of POLLS) await until(async () => (await eventsOf(id)).length >= 4);
  await env().client.workflowService.pauseWorkflowExecution({
    namespace: 'default',
    workflowId: PAUSED,
    requestId: PAUSED,
  });
  workers.push(await service.deploy('v3.ts', 'ramp', { ...ramps, buildId: 'a2', ramp: 50 }));
  await start('bill', 'bill', 'chain');
  await until(() => isStuck('bill'));
  const isListed = async (query: string, count: number): Promise<boolean> =>
    (await env().client.workflow.count(query)).count === count;
  await until(() => isListed('CloseTime IS NULL', ORDERS.length + POLLS.length + 2));
  await until(() => isListed("TemporalWorkflowVersioningBehavior = 'Pinned'", POLLS.length + 1));
  await until(() => isListed("ExecutionStatus = 'Paused'", 1));
  deploy = reportOf(
    await replay(
      [
        ...['can-deploy', '--address', env().address, '--workflows-path', 'v3.ts', '--advice-timeout', '0'],
        ...['--reporter', 'json'],
      ],
      { cwd: service.directory },
    ),
  ).deploy!;
}, 300_000);

describe('replay can-deploy over runs that continue as new on another version', () => {
  it('says no if the first task of the next run would fail with the input that the run has now', () => {
    expect(rowOf('poll')).toMatchObject({ behavior: 'pinned', staying: 2, moving: 0 });
    expect(rowOf('poll')).toMatchObject({ upgrading: 2, triedAsNew: 2, stuckAsNew: 2 });
    expect(deploy.reasons).toContain(
      'Of 2 pinned runs that were tried, 2 would be stuck after continue-as-new.',
    );
  });

  it('leaves out a pinned run whose code asks for no other version', () => {
    expect(rowOf('reminder')).toMatchObject({ staying: 1, upgrading: 0 });
  });

  it('tells a run that fails for good by its failureExceptionTypes from one that is stuck', () => {
    expect(rowOf('bill')).toMatchObject({ failing: 1, stuck: 0, stuckBefore: 0 });
    expect(rowOf('order').failing).toBe(0);
  });

  it('foretells what happens once the code is really deployed', async () => {
    const next = { deploymentName: 'chains', buildId: 'p2', behavior: 'PINNED' } as const;
    workers.push(await service.deploy('v3.ts', 'chain', next));
    for (const id of POLLS) await handle(id).signal('pay');

    for (const id of POLLS) await until(() => isStuck(id));
    // The next attempt of the run that was stuck may be minutes away: a run that begins now shows what it will meet.
    await start('bill', 'bill-again', 'chain');
    await expect(handle('bill-again').result()).rejects.toThrow('Workflow execution failed');
    for (const id of POLLS)
      expect((await eventsOf(id))[0]!.workflowExecutionStartedEventAttributes).toMatchObject({
        continuedExecutionRunId: expect.stringMatching(/./),
      });
  }, 300_000);
});

describe('replay can-deploy over a ramp', () => {
  it('names the ramp, and counts each run that is not pinned, since it may get either version', () => {
    expect(deploy.ramps).toEqual([
      { deployment: 'ramps', current: 'ramps.a1', ramping: 'ramps.a2', percentage: 50 },
    ]);
    expect(rowOf('order')).toMatchObject({ moving: ORDERS.length, stuck: large.length, staying: 0 });
  });

  it('counts the runs that are paused, and judges them as if they went on', () => {
    expect(deploy.counts.paused).toBe(1);
    expect(rowOf('order')).toMatchObject({ paused: 1, safe: ORDERS.length - large.length, unjudged: 0 });
  });

  it('calls no run safe that is stuck at any point of the ramp', async () => {
    await env().client.workflowService.unpauseWorkflowExecution({
      namespace: 'default',
      workflowId: PAUSED,
      requestId: 'unpaused',
    });
    const ids = ORDERS.map(({ id }) => id);
    const wentOn = async (id: string): Promise<boolean> =>
      (await isStuck(id)) || (await eventsOf(id)).some((event) => event.timerStartedEventAttributes);
    for (const id of ids) await handle(id).signal('pay');
    for (const id of ids) await until(() => wentOn(id));
    const halfway = await stuckAmong(ids);

    await rampUp(env(), { deploymentName: 'ramps', buildId: 'a2' }, 100);
    for (const id of ids) await handle(id).signal('pay');
    for (const id of large) await until(() => isStuck(id));

    expect(large).toEqual(expect.arrayContaining(halfway));
    expect(await stuckAmong(ids)).toEqual(large);
  }, 300_000);
});
