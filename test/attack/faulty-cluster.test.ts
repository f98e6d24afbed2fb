import { attack } from './faulty-cluster.attack';

it('ends each of 40 fetches from faulty clusters with whole histories or the code of the fault', async () => {
  expect(await attack({ count: 40, seed: 1 })).toEqual({ tried: 40, failures: [] });
}, 60_000);
