import { createTestEnvironment, mockChildWorkflows } from 'temporal-replay/testing';
import * as workflows from '../src/workflows';

it('starts a child for each order', async () => {
  const childWorkflows = mockChildWorkflows<typeof workflows>({
    order: async (orderId) => `parcel of ${orderId}`,
  });
  await using env = await createTestEnvironment({ workflowsPath: 'src/workflows.ts', childWorkflows });

  const parcels = await env.execute(workflows.fulfil, { args: [['o1', 'o2']] });

  expect(parcels).toEqual(['parcel of o1', 'parcel of o2']);
  expect(childWorkflows.order.temporalCalls.map(({ args }) => args[0]).sort()).toEqual(['o1', 'o2']);
});
