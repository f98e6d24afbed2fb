import {
  canFailRun,
  constrainsNothing,
  failsRun,
  judgesCode,
  VERDICTS,
  VERDICTS_BY_RANK,
  type Verdict,
} from '../../src/model/verdict';

const ALL = Object.keys(VERDICTS) as Verdict[];

describe('the table of verdicts', () => {
  it('ranks each verdict once, from 1', () => {
    const ranks = VERDICTS_BY_RANK.map((verdict) => VERDICTS[verdict].rank);

    expect(ranks).toEqual(ALL.map((_, i) => i + 1));
  });

  it('puts what always fails a run before drift, and compatible last', () => {
    expect(VERDICTS_BY_RANK).toEqual([
      'incompatible',
      'failed',
      'timeout',
      'invalid',
      'drifted',
      'compatible',
    ]);
  });

  it('has an exit code other than 0 for exactly the verdicts that can fail a run', () => {
    const failing = ALL.filter((verdict) => failsRun(verdict, { strict: true }));

    expect(ALL.filter((verdict) => VERDICTS[verdict].exitCode !== 0)).toEqual(failing);
  });
});

describe('failsRun', () => {
  it('passes compatible and drifted without strict', () => {
    expect(ALL.filter((verdict) => !failsRun(verdict, { strict: false }))).toEqual(['compatible', 'drifted']);
  });

  it('passes only compatible with strict', () => {
    expect(ALL.filter((verdict) => !failsRun(verdict, { strict: true }))).toEqual(['compatible']);
  });
});

describe('canFailRun', () => {
  it('is false only for compatible', () => {
    expect(ALL.filter((verdict) => !canFailRun(verdict))).toEqual(['compatible']);
  });
});

describe('constrainsNothing', () => {
  it.each([
    ['compatible', 0, true],
    ['compatible', 4, false],
    ['failed', 0, false],
  ] as const)('of a history that is %s up to event %s is %s', (verdict, verifiedEvents, expected) => {
    expect(constrainsNothing({ verdict, verifiedEvents })).toBe(expected);
  });
});

describe('judgesCode', () => {
  it('is false only for a history that could not be replayed', () => {
    expect(ALL.filter((verdict) => !judgesCode(verdict))).toEqual(['invalid']);
  });
});
