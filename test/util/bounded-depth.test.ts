import { MAX_DEPTH, areSameJson, withBoundedDepth } from '../../src/util/bounded-depth';

const nested = (depth: number, leaf = '1'): unknown =>
  JSON.parse(`${'['.repeat(depth)}${leaf}${']'.repeat(depth)}`) as unknown;
const objects = (depth: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as unknown;

describe('a value that is nested deep', () => {
  it.each([nested(MAX_DEPTH), { a: [1, null, 'x'] }, 7, null, undefined])(
    'stays as it is up to a limit',
    (value) => {
      expect(withBoundedDepth(value)).toBe(value);
    },
  );

  it.each([nested(100_000), objects(100_000)])('is cut beyond it, so that it can be written', (value) => {
    const text = JSON.stringify(withBoundedDepth(value));

    expect(text).toContain('(nested more than 100 levels deep)');
  });

  it('is compared whole', () => {
    expect(areSameJson(nested(100_000), nested(100_000))).toBe(true);
    expect(areSameJson(nested(100_000), nested(100_000, '2'))).toBe(false);
    expect(areSameJson(objects(100_000), nested(100_000))).toBe(false);
    expect(areSameJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(areSameJson({ a: 1 }, { b: 1 })).toBe(false);
    expect(areSameJson([undefined], [null])).toBe(false);
  });
});
