import { groupByCause } from '../../src/diagnosis/group-by-cause';
import type { Cause } from '../../src/model/cause';
import { resultOf } from '../gate/baseline/reports';

const causeAt = (line: number): Cause => ({
  proven: true,
  since: 'abc',
  hunks: [{ file: 'a.ts', line, count: 1, before: [] }],
  packages: [],
});

const RESULTS = [
  resultOf('0', 'failed'),
  resultOf('1', 'incompatible'),
  resultOf('2', 'failed'),
  resultOf('3', 'drifted'),
  resultOf('4', 'incompatible'),
];
const FINGERPRINTS = new Map([
  ['threw', [0, 2]],
  ['added', [1]],
  ['drift', [3]],
  ['other', [4]],
]);

const namesOf = (causes: [string, Cause][]): string[][] =>
  groupByCause(FINGERPRINTS, RESULTS, new Map(causes)).map((group) =>
    group.map(({ fingerprint }) => fingerprint),
  );

describe('groupByCause', () => {
  it('joins what breaks through one change, the gravest verdict first, and leaves drift apart', () => {
    const cause = causeAt(4);

    expect(
      namesOf([
        ['threw', cause],
        ['added', causeAt(4)],
        ['drift', cause],
        ['other', causeAt(9)],
      ]),
    ).toEqual([['added', 'threw'], ['drift'], ['other']]);
  });

  it('keeps differences without a known change apart', () => {
    expect(namesOf([])).toEqual([['threw'], ['added'], ['drift'], ['other']]);
  });
});
