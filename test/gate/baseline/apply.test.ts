import { resultError } from '../../../src/model/result-error';
import { applyBaseline } from '../../../src/gate/baseline/apply';
import { causeFingerprint } from '../../../src/gate/identity/cause-fingerprint';
import type { BaselineEntry, DiagnosedReport } from '../../../src/model/report';
import { exitCodeOf } from '../../../src/gate/exit-code';
import { CAUSE, OTHER_CAUSE, diagnosed, entryOf, reportOf, resultOf } from './reports';

const CONTEXT = {
  file: 'baseline.json',
  path: '/repo/ci/baseline.json',
  cwd: '/repo',
  strict: false,
  failOnExisting: false,
  today: '2026-12-31',
};

const apply = (
  report: DiagnosedReport,
  entries: BaselineEntry[],
  context: Partial<typeof CONTEXT> = {},
): DiagnosedReport => applyBaseline(report, { schemaVersion: 1, entries }, { ...CONTEXT, ...context });

const failing = (workflowId: string, fingerprint = CAUSE): ReturnType<typeof resultOf> =>
  resultOf(workflowId, 'incompatible', diagnosed(fingerprint));

describe('applyBaseline', () => {
  it('accepts a known failure up to and including its last day, so that the run passes', () => {
    const report = apply(reportOf(failing('o1')), [entryOf('o1')]);

    expect(report.results[0]!.accepted).toEqual({ reason: 'drained on Monday', expires: '2026-12-31' });
    expect(report.baseline).toEqual({ file: 'baseline.json', expired: [], stale: [] });
    expect(exitCodeOf(report)).toBe(0);
  });

  it('does not accept it on the day after, and lists it as expired', () => {
    const report = apply(reportOf(failing('o1')), [entryOf('o1')], { today: '2027-01-01' });

    expect(report.results[0]!.accepted).toBeUndefined();
    expect(report.baseline!.expired).toEqual([entryOf('o1')]);
    expect(exitCodeOf(report)).toBe(1);
  });

  it.each([
    ['the same cause in another history', failing('o2')],
    ['another cause in the same history', failing('o1', OTHER_CAUSE)],
    [
      'another run of the same workflow id',
      resultOf('o1', 'incompatible', { ...diagnosed(CAUSE), runId: 'r9' }),
    ],
  ])('does not accept %s', (_, result) => {
    expect(exitCodeOf(apply(reportOf(result), [entryOf('o1')]))).toBe(1);
  });

  it('lists a failure that no longer occurs as stale, and the run passes', () => {
    const report = apply(reportOf(resultOf('o1', 'compatible')), [entryOf('o1')]);

    expect(report.baseline!.stale).toEqual([entryOf('o1')]);
    expect(exitCodeOf(report)).toBe(0);
  });

  it.each([
    ['is not in this run', resultOf('o2', 'compatible')],
    [
      'was not judged because the code does not build',
      resultOf('o1', 'failed', { error: resultError({ code: 'BUNDLE_FAILED', own: 'x' }) }),
    ],
    [
      'cannot be read',
      resultOf('o1', 'invalid', { error: resultError({ code: 'UNREADABLE_FILE', own: 'x' }) }),
    ],
  ])('does not list a failure as stale if its history %s', (_, result) => {
    expect(apply(reportOf(result), [entryOf('o1')]).baseline!.stale).toEqual([]);
  });

  it('accepts drift with strict, and leaves it alone without', () => {
    const drifted = reportOf(resultOf('o1', 'drifted', diagnosed(CAUSE)));
    const entries = [entryOf('o1', { verdict: 'drifted', expires: '2026-01-01' })];

    expect(apply(drifted, entries).baseline).toMatchObject({ expired: [], stale: [] });
    const strict = apply(drifted, [entryOf('o1', { verdict: 'drifted' })], { strict: true });
    expect(strict.results[0]!.accepted).toBeDefined();
    expect(exitCodeOf(strict, { strict: true })).toBe(0);
  });

  it('does not accept an invalid history, which ends the run with exit code 2', () => {
    const invalid = resultOf('o1', 'invalid', {
      ...diagnosed(CAUSE),
      error: resultError({ code: 'UNREADABLE_FILE', own: 'x' }),
    });

    const report = apply(reportOf(invalid), [entryOf('o1')]);

    expect(report.results[0]!.accepted).toBeUndefined();
    expect(exitCodeOf(report)).toBe(2);
  });

  it('identifies a history without ids by its file, from any working directory', () => {
    const unnamed = { ...diagnosed(CAUSE), workflowId: null, runId: null };
    const entry = entryOf('o1', { workflowId: null, runId: null, file: '../histories/o1.json' });
    const inRoot = reportOf(resultOf('o1', 'failed', unnamed));
    const inFolder = reportOf(resultOf('o1', 'failed', { ...unnamed, file: '../histories/o1.json' }));

    expect(apply(inRoot, [entry]).results[0]!.accepted).toBeDefined();
    expect(apply(inFolder, [entry], { cwd: '/repo/src' }).results[0]!.accepted).toBeDefined();
  });

  it('counts the accepted results of each group', () => {
    const report = reportOf(failing('o1'), resultOf('o2', 'compatible'), failing('o3'));
    const group = { results: [0, 2], acceptedCount: 0 } as DiagnosedReport['groups'][number];

    const { groups } = apply({ ...report, groups: [group] }, [entryOf('o3')]);

    expect(groups).toEqual([{ results: [0, 2], acceptedCount: 1 }]);
  });
});

describe('causeFingerprint', () => {
  it('depends, without a diagnosis, on the verdict and the error code but not on the message', () => {
    const threw = resultOf('o1', 'failed', {
      error: resultError({ code: 'WORKFLOW_TASK_FAILED', errorType: 'TypeError', foreign: '1' }),
    });
    const timedOut = resultOf('o1', 'timeout', { error: resultError({ code: 'TIMEOUT', own: 'x' }) });

    expect(causeFingerprint(threw)).toMatch(/^[0-9a-f]{16}$/);
    expect(causeFingerprint(threw)).toBe(
      causeFingerprint({ ...threw, error: { ...threw.error!, message: 'TypeError: 2' } }),
    );
    expect(causeFingerprint(threw)).not.toBe(causeFingerprint(timedOut));
  });
});
