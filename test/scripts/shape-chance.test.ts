import { chanceToCatch } from '../../scripts/shape-chance';

describe('chanceToCatch', () => {
  it('is 1 if every run of a shape breaks', () => {
    expect(
      chanceToCatch(
        [
          { total: 5, broken: 0 },
          { total: 3, broken: 3 },
        ],
        1,
      ),
    ).toBe(1);
  });

  it('is the share of broken runs for one of each shape, and no less for more of them', () => {
    expect(chanceToCatch([{ total: 4, broken: 1 }], 1)).toBeCloseTo(0.25);
    expect(chanceToCatch([{ total: 4, broken: 1 }], 3)).toBeCloseTo(0.75);
    expect(chanceToCatch([{ total: 4, broken: 1 }], 9)).toBe(1);
  });

  it('is 0 if none breaks', () => {
    expect(chanceToCatch([{ total: 4, broken: 0 }], 3)).toBe(0);
  });
});
