import { attack } from './damaged-disk.attack';

it('gives the right verdict after cold starts at once, and from caches that cannot be used', async () => {
  const { tried, failures } = await attack({ budgetMs: 8_000 });

  expect(failures).toEqual([]);
  expect(tried).toBeGreaterThan(0);
}, 60_000);
