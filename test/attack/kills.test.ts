import { attack } from './kills.attack';

it('finds no half file and no process after a fetch, a run and an update of the baseline were killed', async () => {
  const only = ['fetch', 'run from the cache', 'baseline update'];

  expect(await attack({ count: 3, seed: 3, only })).toEqual({ tried: 3, failures: [] });
}, 120_000);
