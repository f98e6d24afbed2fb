import type { ListedRun } from '../../src/fetch/query';
import { inRandomOrder } from '../../src/versions/in-random-order';

const run = (i: number, more: Partial<ListedRun> = {}): ListedRun => ({
  ...{
    workflowId: `w${i}`,
    runId: `r${i}`,
    workflowType: 'order',
    status: 'RUNNING',
    events: 0,
    gone: false,
  },
  ...{
    taskQueue: 'orders',
    versioning: null,
    changeVersions: [],
    startedAtMs: null,
    closedAtMs: null,
    ...more,
  },
});
const MANY = Array.from({ length: 500 }, (_, i) => run(i));
const idsOf = (runs: readonly ListedRun[]): string[] => runs.map(({ workflowId }) => workflowId);

describe('inRandomOrder', () => {
  it('returns all runs in an order that depends on the seed alone', () => {
    const { runs } = inRandomOrder(MANY, 1);

    expect(idsOf(inRandomOrder([...MANY].reverse(), 1).runs)).toEqual(idsOf(runs));
    expect(idsOf(inRandomOrder(MANY, 2).runs)).not.toEqual(idsOf(runs));
    expect(idsOf(runs).sort()).toEqual(idsOf(MANY).sort());
  });

  it('puts two runs of each type, version and set of patches first', () => {
    const version = { deploymentName: 'orders', buildId: 'v1' };
    const rare = [
      run(1000, { workflowType: 'refund' }),
      run(1001, { versioning: { behavior: 'auto-upgrade', version } }),
      run(1002, { changeVersions: ['add-fee'] }),
      run(1003, { taskQueue: 'other' }),
    ];

    const { runs, notDrawn } = inRandomOrder([...MANY, ...rare], 1);

    expect(notDrawn).toBe(6);
    expect(idsOf(runs.slice(0, notDrawn))).toEqual(expect.arrayContaining(idsOf(rare)));
  });
});
