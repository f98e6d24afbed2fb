import { hidesValues, resultWithoutValues, withoutValues } from '../../src/report/hide-values';
import { SAMPLE } from '../helpers/sample-report';

const drifted = SAMPLE.results.at(-1)!;
const shapes = (path: string, recorded: unknown, produced: unknown): unknown[] => {
  const [drift] = resultWithoutValues({
    ...drifted,
    drift: [{ eventId: 1, path, recorded, produced }],
  }).drift;
  return [drift!.recorded, drift!.produced];
};

describe('a report without values', () => {
  it('holds no payload any more, neither in results nor in groups, and leaves the given one as it is', () => {
    const hidden = withoutValues(SAMPLE);

    expect(JSON.stringify(hidden)).not.toContain('secret');
    expect(hidden.groups.at(-1)!.drift[0]).toMatchObject({ recorded: '<string>', produced: '<object>' });
    expect(JSON.stringify(SAMPLE)).toContain('secret');
  });

  it.each([
    ['a', 1, '<string>', '<number>'],
    [[1, 2, 3], { a: 1 }, '<list of 3>', '<object>'],
    [true, null, '<boolean>', null],
  ])('says of %j and %j only what they are', (recorded, produced, was, is) => {
    expect(shapes('input', recorded, produced)).toEqual([was, is]);
  });

  it.each([
    'startToFireTimeout',
    'heartbeatTimeout',
    'taskQueue',
    'retryPolicy',
    'retryPolicy.maximumAttempts',
    'parentClosePolicy',
    'workflowIdReusePolicy',
    'earlier',
    'priority.priorityKey',
    'cronSchedule',
    'namespace',
    'signalName',
    'workflowType',
  ])('keeps %s, which stands in the code', (path) => {
    expect(shapes(path, 'a', 'b')).toEqual(['a', 'b']);
  });

  it.each([
    'input.taskQueue',
    'input.workflowTimeout',
    'memo.namespace',
    'result.retryPolicy.x',
    'workflowId',
    'failure.message',
  ])('hides %s, which is payload whatever its name', (path) => {
    expect(shapes(path, 'a', 'b')).toEqual(['<string>', '<string>']);
  });
});

describe('hidesValues', () => {
  it('is the default in CI with histories of a cluster only', () => {
    expect(hidesValues(undefined, { env: { CI: 'true' }, isFromCluster: true })).toBe(true);
    expect(hidesValues(undefined, { env: { CI: 'true' }, isFromCluster: false })).toBe(false);
    expect(hidesValues(undefined, { env: {}, isFromCluster: true })).toBe(false);
  });

  it('does as it is told otherwise', () => {
    expect(hidesValues(false, { env: { CI: 'true' }, isFromCluster: true })).toBe(false);
    expect(hidesValues(true, { env: {}, isFromCluster: false })).toBe(true);
  });
});
