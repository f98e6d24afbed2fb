import { editDistance } from '../../src/util/nearest-name';

it.each([
  ['charge', 'charge', 0],
  ['charge', 'change', 1],
  ['', 'pay', 3],
  ['a'.repeat(300_000), `b${'a'.repeat(299_999)}`, 1],
  ['a'.repeat(300_000), 'b'.repeat(300_000), 300_000],
])('counts the edits of names of any length in good time', (a, b, expected) => {
  const startedAt = performance.now();

  const edits = editDistance(a, b);

  expect(edits).toBe(expected);
  expect(performance.now() - startedAt).toBeLessThan(500);
});
