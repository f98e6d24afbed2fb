import { attack } from './histories.attack';

it('gives a verdict to each of 100 histories that an attacker changed', async () => {
  expect(await attack({ count: 100, seed: 2 })).toEqual({ tried: 100, failures: [] });
});
