import { hidesValues, resultWithoutValues, withoutValues } from '../../src/report/hide-values';
import type { Diagnosis } from '../../src/model/diagnosis';
import { type MessageParts, composeMessage, messageParts } from '../../src/model/message';
import { resultError } from '../../src/model/result-error';
import type { SourceLocation } from '../../src/model/source';
import { SAMPLE } from '../helpers/sample-report';

const drifted = SAMPLE.results.at(-1)!;
const diagnosisOf = (headlineParts: MessageParts): Diagnosis => ({
  fingerprint: 'f',
  kind: 'threw',
  headline: composeMessage(headlineParts),
  headlineParts,
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
  it('holds no payload, neither in results nor in groups, and leaves the given report unchanged', () => {
    const hidden = withoutValues(SAMPLE);

    expect(JSON.stringify(hidden)).not.toContain('secret');
    expect(hidden.groups.at(-1)!.drift[0]).toMatchObject({ recorded: '<string>', produced: '<object>' });
    expect(JSON.stringify(SAMPLE)).toContain('secret');
  });

  it('holds no id of a child, in the rows of groups and of results', () => {
    const row = { op: 'renamed', eventId: 5, isDivergence: true } as const;
    const rows = [
      { ...row, recorded: 'child `ship` with id secret-1', produced: 'child `ship` with id secret-2' },
    ];
    const diagnosis = { ...diagnosisOf(messageParts({})), rows };
    const groups = SAMPLE.groups.map((group) => ({ ...group, rows }));

    const hidden = withoutValues({ ...SAMPLE, groups, results: [{ ...drifted, diagnosis }] });

    const shown = [
      { ...row, recorded: 'child `ship` with id (hidden)', produced: 'child `ship` with id (hidden)' },
    ];
    expect(hidden.groups[0]!.rows).toEqual(shown);
    expect(hidden.results[0]!.diagnosis!.rows).toEqual(shown);
  });

  it('holds no message of core, which may print payloads', () => {
    const divergence = { eventId: 5, recorded: null, produced: null, location: null };
    const hide = (coreMessage: string | null) =>
      resultWithoutValues({ ...drifted, divergence: { ...divergence, coreMessage } }).divergence;

    expect(hide('Nondeterminism error: secret')).toEqual({ ...divergence, coreMessage: '(hidden)' });
    expect(hide(null)).toEqual({ ...divergence, coreMessage: null });
  });

  it.each([
    ['a', 1, '<string>', '<number>'],
    [[1, 2, 3], { a: 1 }, '<list of 3>', '<object>'],
    [true, null, '<boolean>', null],
  ])('shows only the shapes of %j and %j', (recorded, produced, was, is) => {
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
  ])('keeps %s, which is written in the code', (path) => {
    expect(shapes(path, 'a', 'b')).toEqual(['a', 'b']);
  });

  it.each([
    'input.taskQueue',
    'input.workflowTimeout',
    'memo.namespace',
    'result.retryPolicy.x',
    'workflowId',
    'failure.message',
  ])('hides %s, which is payload despite its name', (path) => {
    expect(shapes(path, 'a', 'b')).toEqual(['<string>', '<string>']);
  });
});

describe('a message without values', () => {
  const CODE_PLACE: SourceLocation = { file: 'src/w.ts', line: 3, column: 7, function: 'pay' };
  const FRAME = 'at pay (/app/src/w.ts:3:6)';
  const hiddenMessage = (
    error: { code: string } & Partial<MessageParts>,
    location: SourceLocation | null,
  ): string =>
    resultWithoutValues({
      ...drifted,
      drift: [],
      error: resultError(error),
      diagnosis: { ...diagnosisOf(messageParts(error)), location },
    }).error!.message;

  it.each<[Partial<MessageParts>, SourceLocation | null, string]>([
    [
      { errorType: 'TypeError', foreign: 'no card 4111', frame: FRAME },
      CODE_PLACE,
      'TypeError: (hidden) at pay (src/w.ts:3:7)',
    ],
    [{ errorType: 'CardError', foreign: '4111\nis: bad', frame: FRAME }, null, 'CardError: (hidden)'],
    [
      { errorType: 'card 4111', foreign: 'bad', frame: FRAME },
      { ...CODE_PLACE, function: null },
      'Error: (hidden) at src/w.ts:3:7',
    ],
    [
      { errorType: 'Error', foreign: '4111 at 4111 (4111:1:1)', frame: 'at 4111 (4111:1:1)' },
      CODE_PLACE,
      'Error: (hidden) at pay (src/w.ts:3:7)',
    ],
    [{ errorType: 'Error', foreign: '', frame: null }, CODE_PLACE, 'Error: (hidden)'],
  ])('keeps the class and the location of a thrown error: %j', (parts, location, shown) => {
    expect(hiddenMessage({ code: 'WORKFLOW_TASK_FAILED', ...parts }, location)).toBe(shown);
  });

  it.each<[string, Partial<MessageParts>, string]>([
    ['REPLAY_FAILED', { foreign: 'cannot decode 4111' }, '(hidden)'],
    [
      'CORE_PANIC',
      { own: 'Core panicked over this history:', foreign: 'no event 4111' },
      'Core panicked over this history: (hidden)',
    ],
    [
      'PROCESS_DIED',
      { own: 'The replay process ended (exit code 1).', foreign: 'Error: 4111' },
      'The replay process ended (exit code 1). (hidden)',
    ],
    [
      'PROCESS_DIED',
      { own: 'The replay process ran out of memory or was killed (SIGKILL).' },
      'The replay process ran out of memory or was killed (SIGKILL).',
    ],
    [
      'UNKNOWN_WORKFLOW_TYPE',
      { own: 'The bundle has no workflow type pay' },
      'The bundle has no workflow type pay',
    ],
  ])('keeps the own text of %s: %j', (code, parts, shown) => {
    expect(hiddenMessage({ code, ...parts }, null)).toBe(shown);
  });

  it('leaves out the foreign text of an error that has a code of its own', () => {
    const error = resultError({ code: 'NEW_KIND', own: 'The codec gave up:', foreign: 'card 4111' });

    const hidden = resultWithoutValues({ ...drifted, drift: [], error });

    expect(error.message).toBe('The codec gave up: card 4111');
    expect(hidden.error!.message).toBe('The codec gave up: (hidden)');
    expect(JSON.stringify(hidden)).not.toContain('4111');
  });

  it.each(['threw', 'replaced', 'unreadable'] as const)(
    'leaves out the foreign text of the headline of a result and of its group (%s)',
    (kind) => {
      const [group] = SAMPLE.groups;
      const headlineParts = messageParts({ errorType: 'CardError', foreign: '4111' });
      const headline = composeMessage(headlineParts);

      const hidden = withoutValues({
        ...SAMPLE,
        results: [{ ...drifted, drift: [], diagnosis: { ...diagnosisOf(headlineParts), kind } }],
        groups: [{ ...group!, kind, headline, headlineParts }],
      });

      expect(hidden.results[0]!.diagnosis!.headline).toBe('CardError: (hidden)');
      expect(hidden.groups[0]!.headline).toBe('CardError: (hidden)');
      expect(JSON.stringify(hidden)).not.toContain('4111');
    },
  );
});

describe('hidesValues', () => {
  it('is true by default only in CI with histories from a cluster', () => {
    expect(hidesValues(undefined, { env: { CI: 'true' }, isFromCluster: true })).toBe(true);
    expect(hidesValues(undefined, { env: { CI: 'true' }, isFromCluster: false })).toBe(false);
    expect(hidesValues(undefined, { env: {}, isFromCluster: true })).toBe(false);
  });

  it('follows the option if it is set', () => {
    expect(hidesValues(false, { env: { CI: 'true' }, isFromCluster: true })).toBe(false);
    expect(hidesValues(true, { env: {}, isFromCluster: false })).toBe(true);
  });
});
