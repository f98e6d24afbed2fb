import { createTestEnvironment } from 'temporal-replay/testing';
import { add, cart, checkOut } from '../src/workflows';

it('takes items and checks out, but not while it is empty', async () => {
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts' });
  const handle = await env.start(cart);
  await expect(handle.executeUpdate(checkOut)).rejects.toMatchObject({
    cause: { message: 'The cart is empty' },
  });

  await handle.signal(add, 'mug');
  await handle.signal(add, 'pen');

  expect(await handle.executeUpdate(checkOut)).toBe(2);
  expect(await handle.result()).toEqual(['mug', 'pen']);
});
