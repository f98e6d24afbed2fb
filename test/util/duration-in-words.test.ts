import { durationInWords, roundedDurationInWords } from '../../src/util/duration-in-words';

const DAY = 86_400_000;

describe('durationInWords', () => {
  it.each([
    [0, '0s'],
    [5, '5ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1234, '1.234s'],
    [90_000, '1m 30s'],
    [3_600_000, '1h'],
    [DAY, '1 day'],
    [14 * DAY, '14 days'],
    [DAY + 1, '1 day 0.001s'],
    [-1500, '-1.5s'],
  ])('formats %d ms exactly: %s', (ms, words) => {
    expect(durationInWords(ms)).toBe(words);
  });
});

describe('roundedDurationInWords', () => {
  it.each([
    [41, '41ms'],
    [999.7, '1s'],
    [2192, '2.2s'],
    [59_990, '1m'],
    [61_400, '1m 1s'],
    [3_690_000, '1h 2m'],
    [14 * DAY + 50_000, '14 days'],
  ])('formats %d ms with about three digits: %s', (ms, words) => {
    expect(roundedDurationInWords(ms)).toBe(words);
  });
});
