import { withTimeLimit } from '../../src/util/time-limit';

describe('withTimeLimit', () => {
  it('resolves to the value of a promise that settles', async () => {
    expect(await withTimeLimit(Promise.resolve(1), 60_000, 'it')).toBe(1);
  });

  it('rejects if a promise does not settle', async () => {
    await expect(withTimeLimit(new Promise(() => undefined), 5, 'it')).rejects.toThrow(
      'it was not ready after 0.005 s',
    );
  });
});
