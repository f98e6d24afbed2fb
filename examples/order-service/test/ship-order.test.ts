import { createTestEnvironment, type TestEnvironment } from 'temporal-replay/testing';
import { carrierUpdate, shipOrder } from '../src/workflows';
import { activitiesThatGoWell, anOrder } from './orders';

const parcel = (): Parameters<typeof shipOrder>[0] => {
  const { orderId, customerId, items, address } = anOrder();
  return { shipmentId: 'ship-1', orderId, customerId, items, address, deliveryTimeout: '14 days' };
};

describe('a shipment', () => {
  const activities = activitiesThatGoWell();
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({ workflowsPath: 'src/workflows', activities });
  });

  it('ends when the carrier has delivered', async () => {
    const shipment = await env.start(shipOrder, { args: [parcel()] });

    await shipment.signal(carrierUpdate, { status: 'in-transit' });
    await shipment.signal(carrierUpdate, { status: 'delivered' });

    expect(await shipment.result()).toEqual({ shipmentId: 'ship-1', trackingNumber: 'TN1' });
  });

  it('takes the label back where the carrier has not delivered after two weeks', async () => {
    const shipment = await env.start(shipOrder, { args: [parcel()] });

    await expect(shipment.result()).rejects.toMatchObject({ cause: { type: 'DeliveryOverdue' } });

    expect(activities.voidLabel).toHaveBeenCalledWith({ shipmentId: 'ship-1' });
    await expect(shipment).toHaveTimer('14 days');
  });
});
