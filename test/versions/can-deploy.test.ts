import type { Worker } from '@temporalio/worker';
import type { DeployReport } from '../../src/model/deploy';
import type { RunReport } from '../../src/model/report';
import { useDevServer } from '../helpers/dev-server';
import { type CliResult, replayInHost, reportOf } from '../helpers/replay-cli';
import { type DeployedService, deployedService, until } from './deployed-service';

const QUEUES = ['plain', 'pinned', 'auto'] as const;
/** Kinds of runs on each queue: small and large orders, and one reminder. */
const KINDS = 4;
/** Number of open runs on each queue; every night there are more. */
const each = Math.ceil(Number(process.env.TEST_OPEN_RUNS ?? 48) / QUEUES.length / KINDS) * KINDS;
const RUNS = each * QUEUES.length;

const workers: Partial<Record<(typeof QUEUES)[number], Worker>> = {};
// Registered before the server's own, since workers hold its connection.
afterAll(async () => {
  await Promise.all(Object.values(workers).map((worker) => service.stop(worker)));
});
const env = useDevServer();
let service: DeployedService;

const idOf = (queue: string, i: number): string => `${queue}-${i}`;
const isReminder = (i: number): boolean => i % KINDS === 3;
const isLarge = (i: number): boolean => i % KINDS === 1;
const ids = QUEUES.flatMap((queue) =>
  Array.from({ length: each }, (_, i) => ({ queue, i, id: idOf(queue, i) })),
);
const LARGE = ids.filter(({ i }) => isLarge(i)).length / QUEUES.length;

beforeAll(async () => {
  service = deployedService(env());
  workers.plain = await service.deploy('v1.ts', 'plain');
  const pins = { deploymentName: 'pins', buildId: 'p1', behavior: 'PINNED' } as const;
  workers.pinned = await service.deploy('v1.ts', 'pinned', pins);
  const autos = { deploymentName: 'autos', buildId: 'a1', behavior: 'AUTO_UPGRADE' } as const;
  workers.auto = await service.deploy('v1.ts', 'auto', autos);
  await forEach(ids, ({ queue, i, id }) =>
    env().client.workflow.start(isReminder(i) ? 'reminder' : 'order', {
      taskQueue: queue,
      workflowId: id,
      args: isReminder(i) ? [] : [isLarge(i)],
    }),
  );
  await until(async () => {
    const query = "CloseTime is null AND TemporalWorkflowVersioningBehavior = 'Pinned'";
    return (await env().client.workflow.count(query)).count === each;
  });
  await forEach(ids, ({ id, i }) =>
    until(async () => (await eventsOf(id)).length >= (isReminder(i) ? 5 : isLarge(i) ? 16 : 10)),
  );
}, 1_800_000);

const AT_ONCE = 8;

/** Does something for each value, for a few at the same time. */
async function forEach<T>(values: readonly T[], act: (value: T) => Promise<unknown>): Promise<void> {
  const left = [...values];
  const work = async (): Promise<void> => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) await act(value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const eventsOf = async (workflowId: string) =>
  (await env().client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];

const canDeploy = (file: string, ...args: string[]): Promise<CliResult> =>
  replayInHost(
    ['can-deploy', '--address', env().address, '--workflows-path', file, '--advice-timeout', '0', ...args],
    { cwd: service.directory },
  );

async function answered(
  file: string,
  ...args: string[]
): Promise<{ code: number | null; deploy: DeployReport; report: RunReport }> {
  const result = await canDeploy(file, '--reporter', 'json', ...args);
  const report = reportOf(result);
  return { code: result.code, deploy: report.deploy!, report };
}

describe('replay can-deploy', () => {
  it('says yes for the code that runs, and counts the runs that stay on their pinned version', async () => {
    const { code, deploy } = await answered('v1.ts');

    expect(deploy).toMatchObject({ answer: 'yes', reasons: [], versions: [], chosen: null });
    expect(deploy.counts).toMatchObject({ open: RUNS, staying: each, moving: 2 * each, safe: 2 * each });
    expect(code).toBe(0);
  });

  it('says no for code that breaks runs, and shows the answer before and after the causes', async () => {
    const { code, stdout } = await canDeploy('v2.ts');

    const answer = `Can it be deployed? No. ${2 * LARGE} open runs would be stuck.`;
    const lines = stdout.trimEnd().split('\n');
    expect([lines[0], lines.at(-1)]).toEqual([answer, answer]);
    expect(stdout).toMatch(/timer 10ms replaces `pack` activity|`pack` activity/);
    expect(stdout).toMatch(new RegExp(`order +autos\\.a1 +auto-upgrade +\\d+ +0 +\\d+ +2 +${LARGE}\n`));
    expect(code).toBe(1);
  });

  it('says no if a workflow type is gone that has open runs on a task queue of the code', async () => {
    const { code, deploy, report } = await answered('no-reminder.ts');

    expect(deploy).toMatchObject({ answer: 'no', counts: { stuck: each / 2, elsewhere: 0 } });
    expect(report.groups[0]).toMatchObject({ verdict: 'failed' });
    expect(code).toBe(1);
  });

  it('replays the runs of a pinned version that goes out again', async () => {
    const { deploy } = await answered('v2.ts', '--deployment', 'pins', '--build-id', 'p1');

    expect(deploy).toMatchObject({ versions: ['pins.p1'], counts: { staying: 0, stuck: 3 * LARGE } });
  });

  it('says for a sample which runs it has not looked at, and never yes', async () => {
    const { code, deploy } = await answered('v1.ts', '--sample', '10', '--seed', '1');

    expect(deploy).toMatchObject({ answer: 'not proven', chosen: { perShape: null, seed: 1 } });
    expect(deploy.counts).toMatchObject({ safe: 10, notLookedAt: 2 * each - 10 });
    expect(deploy.rows.some(({ atMost }) => atMost !== null && atMost > 0)).toBe(true);
    expect(code).toBe(4);
  });

  it('takes runs of one shape for alike if it is asked to', async () => {
    const { code, deploy } = await answered('v1.ts', '--per-shape', '1');

    expect(deploy).toMatchObject({ answer: 'yes', counts: { notLookedAt: 0 } });
    expect(deploy.counts.represented).toBeGreaterThan(0);
    expect(deploy.counts.safe + deploy.counts.represented).toBe(2 * each);
    expect(code).toBe(0);
  });

  it('looks at no further run once its time is over', async () => {
    const { code, deploy } = await answered('v1.ts', '--max-duration', '1');

    expect(deploy).toMatchObject({ answer: 'not proven', counts: { safe: 0, notLookedAt: 2 * each } });
    expect(code).toBe(4);
  });

  it('refuses code that cannot be bundled, instead of calling its runs those of other code', async () => {
    const { code, stderr } = await canDeploy('broken.ts');

    expect(stderr).toContain('BUNDLE_FAILED');
    expect(code).toBe(2);
  });

  it.each([
    ['--sample', '0'],
    ['--deployment', 'orders'],
    ['--max-duration', 'soon'],
  ])('refuses %s %s', async (...args) => {
    const { code, stderr } = await canDeploy('v1.ts', ...args);

    expect(stderr).toContain(args[0]);
    expect(code).toBe(2);
  });

  it('tells the runs that are stuck from those that go on once the code is really deployed', async () => {
    await service.stop(workers.plain!);
    await service.stop(workers.auto!);
    workers.plain = await service.deploy('v2.ts', 'plain');
    const next = { deploymentName: 'autos', buildId: 'a2', behavior: 'AUTO_UPGRADE' } as const;
    workers.auto = await service.deploy('v2.ts', 'auto', next);
    const orders = ids.filter(({ i }) => !isReminder(i));

    await forEach(orders, ({ id }) => env().client.workflow.getHandle(id).signal('pay'));
    await forEach(orders, ({ id }) => until(async () => (await outcomeOf(id)) !== 'waiting'));
    const stuck: string[] = [];
    await forEach(orders, async ({ id }) => {
      if ((await outcomeOf(id)) === 'stuck') stuck.push(id);
    });

    const foretold = ids.filter(({ queue, i }) => isLarge(i) && queue !== 'pinned').map(({ id }) => id);
    expect(stuck.sort()).toEqual(foretold.sort());
  }, 1_800_000);
});

/** Returns what has become of a run after its signal: its workflow task has failed, or it sleeps. */
async function outcomeOf(workflowId: string): Promise<'stuck' | 'goes on' | 'waiting'> {
  const events = await eventsOf(workflowId);
  const description = await env().client.workflow.getHandle(workflowId).describe();
  if ((description.raw.pendingWorkflowTask?.attempt ?? 1) > 1) return 'stuck';
  return events.some((event) => event.timerStartedEventAttributes) ? 'goes on' : 'waiting';
}
