/** Asks a real server about versions between which runs are still on their way, and deploys the code there. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from '@temporalio/worker';
import type { DeployReport, DeployRow } from '../../src/model/deploy';
import type { PatchReport } from '../../src/model/patches';
import { useDevServer } from '../helpers/dev-server';
import { ROOT } from '../helpers/root';
import { type DeployedService, deployedService, rampUp, until } from './deployed-service';

const workers: Worker[] = [];
// Registered before the server's own, since workers hold its connection.
afterAll(() => Promise.all(workers.map((worker) => service.stop(worker))));
const env = useDevServer({ extraArgs: ['--dynamic-config-value', 'frontend.WorkflowPauseEnabled=true'] });
let service: DeployedService;
let found: FoundByLibrary;
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

interface FoundByLibrary {
  deploy: DeployReport;
  patches: PatchReport;
  /** Errors for code that cannot be loaded, on the server and on none. */
  broken: { code: string; message: string };
  unreachable: { code: string; message: string };
}

/** Calls the library's functions in a process of their own, which loads the package as a service does. */
async function askedByLibrary(): Promise<FoundByLibrary> {
  const options = { connection: { address: env().address }, concurrency: 1, adviceTimeout: 0 };
  const script = `
    const { canDeploy, inspectPatches } = require(${JSON.stringify(join(ROOT, 'lib/index.js'))});
    const options = ${JSON.stringify({ ...options, workflowsPath: 'v3.ts' })};
    const broken = { ...options, workflowsPath: 'broken.ts' };
    const errorOf = (call) => call.then(() => null, ({ code, message }) => ({ code, message }));
    (async () => {
      const { deploy } = await canDeploy(options);
      const { adviceTimeout, ...others } = options;
      console.log(JSON.stringify({
        deploy,
        patches: await inspectPatches(others),
        broken: await errorOf(canDeploy(broken)),
        unreachable: await errorOf(canDeploy({ ...broken, connection: { address: 'localhost:1' } })),
      }));
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: service.directory });
  return JSON.parse(stdout) as FoundByLibrary;
}

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
  found = await askedByLibrary();
  ({ deploy } = found);
}, 120_000);

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
  }, 120_000);
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
    // The new share takes a while to reach each task queue, so a task may still go to the other version.
    const hasMoved = async (id: string): Promise<boolean> => {
      await handle(id).signal('pay');
      return isStuck(id);
    };
    for (const id of large) await until(() => hasMoved(id));

    expect(large).toEqual(expect.arrayContaining(halfway));
    expect(await stuckAmong(ids)).toEqual(large);
  }, 120_000);
});

describe('the library', () => {
  it('inspects the patches of the code', () => {
    expect(found.patches.cluster).toMatchObject({ closedRuns: 0 });
    expect(found.patches.patches).toMatchObject([{ id: 'no-reminder', stage: 'new', pinned: 1 }]);
  });

  it('names the place at which code throws while it is loaded', () => {
    expect(found.broken).toMatchObject({
      code: 'BUNDLE_FAILED',
      message: expect.stringMatching(/Patches cannot be used.*\(broken\.ts:3:\d+\)/),
    });
  });

  it('asks the cluster before it bundles the code', () => {
    expect(found.unreachable.code).toBe('CLUSTER_UNREACHABLE');
  });
});
