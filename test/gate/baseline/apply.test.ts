import { applyBaseline } from '../../../src/gate/baseline/apply';
import { fingerprintOf } from '../../../src/gate/identity/history-identity';
import type { BaselineEntry, DiagnosedReport } from '../../../src/model/report';
import { exitCodeOf } from '../../../src/run/run';
import { CAUSE, OTHER_CAUSE, diagnosed, entryOf, reportOf, resultOf } from './reports';

const CONTEXT = {
  file: 'baseline.json',
  path: '/repo/ci/baseline.json',
  cwd: '/repo',
  strict: false,
  today: '2026-12-31',
};

const apply = (
  report: DiagnosedReport,
  entries: BaselineEntry[],
  context: Partial<typeof CONTEXT> = {},
): DiagnosedReport => applyBaseline(report, { schemaVersion: 1, entries }, { ...CONTEXT, ...context });

const failing = (workflowId: string, fingerprint = CAUSE): ReturnType<typeof resultOf> =>
  resultOf(workflowId, 'incompatible', diagnosed(fingerprint));

describe('a baseline', () => {
  it('accepts a known failure through its last day, and the run passes', () => {
    const report = apply(reportOf(failing('o1')), [entryOf('o1')]);

    expect(report.results[0]!.accepted).toEqual({ reason: 'drained on Monday', expires: '2026-12-31' });
    expect(report.baseline).toEqual({ file: 'baseline.json', expired: [], stale: [] });
    expect(exitCodeOf(report)).toBe(0);
  });

  it('fails an expired one the day after, and tells which', () => {
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

  it('names a failure that no longer occurs as stale, and passes', () => {
    const report = apply(reportOf(resultOf('o1', 'compatible')), [entryOf('o1')]);

    expect(report.baseline!.stale).toEqual([entryOf('o1')]);
    expect(exitCodeOf(report)).toBe(0);
  });

  it.each([
    ['is not in this run', resultOf('o2', 'compatible')],
    [
      'got no verdict because the code does not build',
      resultOf('o1', 'failed', { error: { code: 'BUNDLE_FAILED', message: 'x' } }),
    ],
    ['cannot be read', resultOf('o1', 'invalid', { error: { code: 'UNREADABLE_FILE', message: 'x' } })],
  ])('takes no failure for stale whose history %s', (_, result) => {
    expect(apply(reportOf(result), [entryOf('o1')]).baseline!.stale).toEqual([]);
  });

  it('accepts drift where drift is a failure, and leaves it alone elsewhere', () => {
    const drifted = reportOf(resultOf('o1', 'drifted', diagnosed(CAUSE)));
    const entries = [entryOf('o1', { verdict: 'drifted', expires: '2026-01-01' })];

    expect(apply(drifted, entries).baseline).toMatchObject({ expired: [], stale: [] });
    const strict = apply(drifted, [entryOf('o1', { verdict: 'drifted' })], { strict: true });
    expect(strict.results[0]!.accepted).toBeDefined();
    expect(exitCodeOf(strict, { strict: true })).toBe(0);
  });

  it('leaves an invalid history at exit code 2', () => {
    const invalid = resultOf('o1', 'invalid', {
      ...diagnosed(CAUSE),
      error: { code: 'UNREADABLE_FILE', message: 'x' },
    });

    const report = apply(reportOf(invalid), [entryOf('o1')]);

    expect(report.results[0]!.accepted).toBeUndefined();
    expect(exitCodeOf(report)).toBe(2);
  });

  it('knows a history without ids by its file, wherever the run is started', () => {
    const unnamed = { ...diagnosed(CAUSE), workflowId: null, runId: null };
    const entry = entryOf('o1', { workflowId: null, runId: null, file: '../histories/o1.json' });
    const inRoot = reportOf(resultOf('o1', 'failed', unnamed));
    const inFolder = reportOf(resultOf('o1', 'failed', { ...unnamed, file: '../histories/o1.json' }));

    expect(apply(inRoot, [entry]).results[0]!.accepted).toBeDefined();
    expect(apply(inFolder, [entry], { cwd: '/repo/src' }).results[0]!.accepted).toBeDefined();
  });

  it('counts the accepted ones of each group', () => {
    const report = reportOf(failing('o1'), resultOf('o2', 'compatible'), failing('o3'));
    const group = { results: [0, 2], acceptedCount: 0 } as DiagnosedReport['groups'][number];

    const { groups } = apply({ ...report, groups: [group] }, [entryOf('o3')]);

    expect(groups).toEqual([{ results: [0, 2], acceptedCount: 1 }]);
  });

  it('tells causes apart without a diagnosis: by verdict, type, error, and what was recorded and produced', () => {
    const threw = resultOf('o1', 'failed', {
      error: { code: 'WORKFLOW_TASK_FAILED', message: 'TypeError: 1' },
    });
    const timedOut = resultOf('o1', 'timeout', { error: { code: 'TIMEOUT', message: 'x' } });

    expect(fingerprintOf(threw)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf(threw)).toBe(
      fingerprintOf({ ...threw, error: { ...threw.error!, message: 'TypeError: 2' } }),
    );
    expect(fingerprintOf(threw)).not.toBe(fingerprintOf(timedOut));
  });
});
