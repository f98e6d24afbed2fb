import { discounted } from './prices';

it('gives members a discount', () => {
  expect(discounted(100, true)).toBe(90);
});
