import { resultError } from '../../../src/model/result-error';
import { expiryDate } from '../../../src/gate/baseline/expiry';
import type { Baseline } from '../../../src/gate/baseline/file';
import { type BaselineUpdate, updateBaseline } from '../../../src/gate/baseline/update';
import type { BaselineEntry, DiagnosedResult } from '../../../src/model/report';
import { CAUSE, OTHER_CAUSE, diagnosed, entryOf, reportOf, resultOf } from './reports';

const CONTEXT = {
  path: '/repo/baseline.json',
  cwd: '/repo',
  strict: false,
  failOnExisting: false,
  today: '2026-12-01',
};

function update(
  entries: BaselineEntry[],
  results: DiagnosedResult[],
  reason: string | null = 'waits for the fix',
): BaselineUpdate {
  const old: Baseline = { schemaVersion: 1, entries };
  return updateBaseline(old, reportOf(...results), CONTEXT, { reason, expires: '2026-12-24' });
}

const failing = (workflowId: string, fingerprint = CAUSE): DiagnosedResult =>
  resultOf(workflowId, 'incompatible', diagnosed(fingerprint));

describe('updateBaseline', () => {
  it('adds new failures with the given reason and expiry', () => {
    const { baseline, added } = update([], [failing('o1'), resultOf('o2', 'compatible')]);

    expect(baseline.entries).toEqual([
      entryOf('o1', {
        headline: '`sendEmail` activity is new',
        reason: 'waits for the fix',
        expires: '2026-12-24',
      }),
    ]);
    expect(added).toEqual(baseline.entries);
  });

  it('keeps the reason and expiry of failures that still occur, without asking for a reason', () => {
    const { baseline, kept } = update([entryOf('o1')], [failing('o1')], null);

    expect(baseline.entries).toEqual([entryOf('o1')]);
    expect(kept).toEqual([entryOf('o1')]);
  });

  it('refuses new failures without a reason', () => {
    const attempt = (): unknown => update([entryOf('o1')], [failing('o1'), failing('o2')], null);

    expect(attempt).toThrow('One failure is not in the baseline yet');
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('--reason') }),
    );
  });

  it('drops failures that no longer occur or that have another cause now', () => {
    const { baseline, dropped, added } = update(
      [entryOf('o1'), entryOf('o2')],
      [resultOf('o1', 'compatible'), failing('o2', OTHER_CAUSE)],
    );

    expect(dropped).toEqual([entryOf('o1'), entryOf('o2')]);
    expect(baseline.entries).toEqual(added);
    expect(added).toMatchObject([{ workflowId: 'o2', fingerprint: OTHER_CAUSE }]);
  });

  it('keeps entries whose history is not in this run, and entries of drift without strict', () => {
    const drift = entryOf('o2', { verdict: 'drifted' });
    const { baseline, unseen } = update(
      [entryOf('o1'), drift],
      [resultOf('o2', 'drifted', diagnosed(CAUSE))],
      null,
    );

    expect(unseen).toEqual([entryOf('o1'), drift]);
    expect(baseline.entries).toEqual([entryOf('o1'), drift]);
  });

  it('renews expired entries if a reason is given, and keeps them expired otherwise', () => {
    const old = entryOf('o1', { expires: '2026-11-30' });

    expect(update([old], [failing('o1')], null)).toMatchObject({
      expired: [old],
      baseline: { entries: [old] },
    });
    expect(update([old], [failing('o1')]).baseline.entries).toEqual([
      { ...old, reason: 'waits for the fix', expires: '2026-12-24' },
    ]);
  });

  it('accepts neither code that does not build nor a file that cannot be read', () => {
    const unbuilt = resultOf('o1', 'failed', { error: resultError({ code: 'BUNDLE_FAILED', own: 'no ;' }) });
    const unreadable = resultOf('o2', 'invalid', {
      error: resultError({ code: 'UNREADABLE_FILE', own: 'x' }),
    });

    expect(() => update([], [unbuilt])).toThrow(
      expect.objectContaining({ code: 'BUNDLE_FAILED', message: 'Nothing is accepted: no ;' }),
    );
    expect(update([], [unreadable]).baseline.entries).toEqual([]);
  });
});

describe('--expires', () => {
  it.each([
    ['30d', '2026-12-31'],
    ['8w', '2027-01-26'],
    ['2027-01-31', '2027-01-31'],
    ['2026-12-01', '2026-12-01'],
  ])('takes %s as %s', (given, date) => {
    expect(expiryDate(given, '2026-12-01')).toBe(date);
  });

  it.each(['2026-11-30', '2026-02-30', '30', '0d', '-1d', 'soon', ''])('refuses %s', (given) => {
    expect(() => expiryDate(given, '2026-12-01')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
