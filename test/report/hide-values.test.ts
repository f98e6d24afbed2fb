import { hidesValues, resultWithoutValues, withoutValues } from '../../src/report/hide-values';
import type { Diagnosis } from '../../src/model/diagnosis';
import type { SourceLocation } from '../../src/model/source';
import { SAMPLE } from '../helpers/sample-report';

const drifted = SAMPLE.results.at(-1)!;
const diagnosisOf = (headline: string): Diagnosis => ({
  fingerprint: 'f',
  kind: 'threw',
  headline,
  isOpen: false,
  location: null,
  callers: [],
  locationNote: null,
  rows: [],
});
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

describe('the message of what was thrown, without values', () => {
  const CODE_PLACE: SourceLocation = { file: 'src/w.ts', line: 3, column: 7, function: 'pay' };
  const hiddenMessage = (code: string, message: string, location: SourceLocation | null): string =>
    resultWithoutValues({
      ...drifted,
      drift: [],
      error: { code, message },
      diagnosis: { ...diagnosisOf(message), location },
    }).error!.message;

  it.each([
    [
      'TypeError: no card 4111 at pay (src/w.ts:3:7)',
      CODE_PLACE,
      'TypeError: (hidden) at pay (src/w.ts:3:7)',
    ],
    ['CardError: 4111\nis: bad', null, 'CardError: (hidden)'],
    ['card 4111: bad', { ...CODE_PLACE, function: null }, 'Error: (hidden) at src/w.ts:3:7'],
    ['Error: 4111 at 4111 (4111:1:1)', CODE_PLACE, 'Error: (hidden) at pay (src/w.ts:3:7)'],
  ])('keeps the class and the place: %j', (message, location, shown) => {
    expect(hiddenMessage('WORKFLOW_TASK_FAILED', message, location)).toBe(shown);
  });

  it.each([
    ['REPLAY_FAILED', 'cannot decode 4111', '(hidden)'],
    [
      'CORE_PANIC',
      'Core panicked over this history: no event 4111',
      'Core panicked over this history: (hidden)',
    ],
    [
      'PROCESS_DIED',
      'The replay process ended (exit code 1). Error: 4111',
      'The replay process ended (exit code 1). (hidden)',
    ],
    [
      'PROCESS_DIED',
      'The replay process ran out of memory or was killed (SIGKILL).',
      'The replay process ran out of memory or was killed (SIGKILL).',
    ],
    ['UNKNOWN_WORKFLOW_TYPE', 'The bundle has no workflow type pay', 'The bundle has no workflow type pay'],
  ])('keeps what is our own of %s: %s', (code, message, shown) => {
    expect(hiddenMessage(code, message, null)).toBe(shown);
  });

  it('is not in the headline either, of the result and of its group', () => {
    const [group] = SAMPLE.groups;
    const hidden = withoutValues({
      ...SAMPLE,
      results: [{ ...drifted, diagnosis: diagnosisOf('CardError: 4111') }],
      groups: [{ ...group!, kind: 'threw', headline: 'CardError: 4111' }],
    });

    expect(hidden.results[0]!.diagnosis!.headline).toBe('CardError: (hidden)');
    expect(hidden.groups[0]!.headline).toBe('CardError: (hidden)');
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
