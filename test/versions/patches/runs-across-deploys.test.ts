import type { ListedRun } from '../../../lib/fetch/query';
import { RunsAcrossDeploys } from '../../../lib/versions/patches/runs-across-deploys';

const run = (runId: string, startedAtMs: number | null, closedAtMs: number, ...ids: string[]): ListedRun =>
  ({ runId, startedAtMs, closedAtMs, changeVersions: ids }) as unknown as ListedRun;

/** Returns the ids of the runs that may have begun before a deploy, of runs in the order of a cluster's list. */
function acrossOf(...runs: ListedRun[]): string[] {
  const deploys = new RunsAcrossDeploys();
  const late = runs.flatMap((one) => deploys.take(one));
  const end = deploys.end();
  expect(late.length + end.late.length + end.across.length).toBe(runs.length);
  return end.across.map(({ runId }) => runId);
}

describe('RunsAcrossDeploys', () => {
  it('keeps runs that started before the first run with the marker ended', () => {
    const found = acrossOf(
      run('late', 30, 50, 'fee'),
      run('early', 10, 40, 'fee'),
      run('first to end', 15, 20, 'fee'),
    );

    expect(found).toEqual(['early', 'first to end']);
  });

  it('looks at each patch of a run', () => {
    const found = acrossOf(
      run('before the second patch', 30, 50, 'fee', 'tax'),
      run('after both', 46, 48, 'fee', 'tax'),
      run('first with the second', 35, 45, 'fee', 'tax'),
      run('first', 5, 20, 'fee'),
    );

    expect(found).toEqual(['before the second patch', 'first with the second', 'first']);
  });

  it('keeps a run whose start is not known', () => {
    expect(acrossOf(run('late', null, 50, 'fee'), run('first', 10, 20, 'fee'))).toEqual(['late', 'first']);
  });

  it('lets most of many runs go on the way', () => {
    const deploys = new RunsAcrossDeploys();
    const many = Array.from({ length: 10_000 }, (_, i) => run(String(i), 20_000 - i - 5, 20_000 - i, 'fee'));

    const late = many.flatMap((one) => deploys.take(one));

    expect(late.length).toBeGreaterThan(8_000);
    expect(deploys.end().across.length).toBeLessThan(10);
  });
});
