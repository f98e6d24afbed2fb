import { cutInMiddle, shortPath } from '../../../src/report/text/short-path';

describe('shortPath', () => {
  const PATH = 'histories/processOrder/order-1_01a20e3f-4767.json';

  it('returns a path that fits as it is', () => {
    expect(shortPath(PATH, 60)).toBe(PATH);
  });

  it.each([
    [42, 'histories/…/order-1_01a20e3f-4767.json'],
    [30, '…/order-1_01a20e3f-4767.json'],
    [24, '…/order-1_01a20e3…7.json'],
  ])('leaves out its middle in %i columns', (width, expected) => {
    const short = shortPath(PATH, width);

    expect(short).toBe(expected);
    expect(short.length).toBeLessThanOrEqual(width);
  });

  it('cuts a name without folders in its middle', () => {
    expect(shortPath('a-very-long-name.json', 14)).toBe('a-very-lon…son');
  });

  it('cuts between the characters that a reader sees', () => {
    expect(cutInMiddle('日本語日本語日本語日本語', 13)).toBe('日本語日…本語');
  });
});
