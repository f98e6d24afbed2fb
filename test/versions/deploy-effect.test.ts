import { effectOf } from '../../src/versions/deploy-effect';
import { resultError } from '../../src/model/result-error';
import { type HistoryResult, type Verdict } from '../../src/model/verdict';

const resultWith = (verdict: Verdict, more: Partial<HistoryResult> = {}): HistoryResult => ({
  ...{ file: 'a', workflowId: 'a', runId: 'a', workflowType: 'order', verdict, events: 5 },
  ...{ verifiedEvents: 5, durationMs: 1, drift: [], ...more },
});

describe('effectOf', () => {
  it.each([
    ['compatible', 'safe'],
    ['drifted', 'safe'],
    ['incompatible', 'stuck'],
    ['timeout', 'stuck'],
    ['invalid', 'unjudged'],
  ] as const)('takes a run that is %s for %s', (verdict, effect) => {
    expect(effectOf(resultWith(verdict), [], {})).toBe(effect);
  });

  it('takes a drifted run for stuck if drift fails the run', () => {
    expect(effectOf(resultWith('drifted'), [], { strict: true })).toBe('stuck');
  });

  it.each(['NondeterminismError', 'DeterminismViolationError', 'Error'])(
    'takes a mismatch for a failure for good if the worker fails runs for %s',
    (name) => {
      expect(effectOf(resultWith('incompatible'), [{ '*': [name] }], {})).toBe('failing');
      expect(effectOf(resultWith('incompatible'), [{ order: [name] }], {})).toBe('failing');
      expect(effectOf(resultWith('incompatible'), [{ other: [name] }], {})).toBe('stuck');
    },
  );

  it('takes an error with which the code fails the run for a failure for good, whatever the worker says', () => {
    const error = resultError({ code: 'WORKFLOW_FAILED', errorType: 'TypeError', foreign: 'no card' });

    expect(effectOf(resultWith('failed', { error }), [], {})).toBe('failing');
  });

  it('takes a run that was stuck in the same failure already for stuck before', () => {
    expect(effectOf(resultWith('failed', { existing: { eventId: 7 } }), [], {})).toBe('stuckBefore');
  });

  it('takes a payload that cannot be decoded for no judgement of the code', () => {
    const error = resultError({ code: 'PAYLOAD_NOT_DECODED', own: 'There is no key.' });

    expect(effectOf(resultWith('failed', { error }), [], {})).toBe('unjudged');
  });
});
