import { attack } from './hostile-code.attack';

it('reports good histories as they are beside 6 hostile workflows', async () => {
  expect(await attack({ count: 6, seed: 0 })).toEqual({ tried: 6, failures: [] });
}, 60_000);
