import { randomUUID } from 'node:crypto';
import {
  callOrder,
  createTestEnvironment,
  mockChildWorkflows,
  nonRetryableFailure,
  type TestEnvironment,
} from 'temporal-replay/testing';
import { changeAddress, decidePayment, orderStatus, processOrder, type shipOrder } from '../src/workflows';
import { activitiesThatGoWell, anOrder } from './orders';

describe('an order', () => {
  const activities = activitiesThatGoWell();
  const children = mockChildWorkflows<{ shipOrder: typeof shipOrder }>({
    shipOrder: async ({ shipmentId }) => ({ shipmentId, trackingNumber: 'TN1' }),
  });
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({
      workflowsPath: 'src/workflows',
      activities,
      childWorkflows: children,
      searchAttributes: { OrderStatus: 'Keyword', CustomerId: 'Keyword' },
    });
  });
  beforeEach(() => Object.values(activities).forEach((mock) => mock.mockReset()));

  it('is paid, shipped and thanked for', async () => {
    const result = await env.execute(processOrder, { args: [anOrder()] });

    expect(result).toEqual({
      orderId: 'order-1',
      totalCents: 11_900,
      paymentId: 'payment-order-1',
      trackingNumber: 'TN1',
    });
    expect(callOrder(activities).map(({ activity }) => activity)).toEqual([
      'priceOrder',
      'quoteTax',
      'reserveInventory',
      'assessFraud',
      'chargePayment',
      'sendEmail',
    ]);
  });

  it('is charged once more after the bank has not answered, and three times more at most', async () => {
    activities.chargePayment.failTimes(3);

    await env.execute(processOrder, { args: [anOrder()] });

    expect(activities.chargePayment.temporalCalls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(activities.chargePayment.temporalCalls[0]?.options).toMatchObject({
      heartbeatTimeoutMs: 10_000,
      retryPolicy: { maximumAttempts: 4 },
    });
  });

  it('is undone in reverse order when the card is declined, which is not tried again', async () => {
    activities.chargePayment.mockRejectedValue(nonRetryableFailure('no money', 'CardDeclined'));

    await expect(env.execute(processOrder, { args: [anOrder()] })).rejects.toThrow();

    expect(activities.chargePayment).toHaveBeenCalledTimes(1);
    expect(
      callOrder(activities)
        .slice(-2)
        .map(({ activity }) => activity),
    ).toEqual(['refundPayment', 'releaseInventory']);
  });

  it('waits for a person where it is expensive', async () => {
    activities.priceOrder.mockResolvedValue({ netCents: 200_000 });
    const order = await env.start(processOrder, { args: [anOrder()] });
    await order.waitFor(orderStatus, (status) => status === 'awaiting-approval');

    await order.signal(decidePayment, { approved: true, by: 'Ada' });

    await expect(order.result()).resolves.toMatchObject({ totalCents: 201_900 });
  });

  it('fails when nobody approves it within a day', async () => {
    activities.priceOrder.mockResolvedValue({ netCents: 200_000 });
    const before = await env.currentTime();
    const order = await env.start(processOrder, { args: [anOrder()] });

    await expect(order.result()).rejects.toMatchObject({
      cause: { message: 'Nobody approved the payment in time' },
    });

    expect((await env.currentTime()).getTime() - before.getTime()).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect(activities.chargePayment).not.toHaveBeenCalled();
    await expect(order).toHaveTimer('24 hours');
  });

  it('goes to the address that it was changed to in time', async () => {
    activities.priceOrder.mockResolvedValue({ netCents: 200_000 });
    const order = await env.start(processOrder, { args: [anOrder()] });
    const address = { street: 'High St 2', postalCode: '54321', country: 'DE' };
    await order.waitFor(orderStatus, (status) => status === 'awaiting-approval');

    await order.executeUpdate(changeAddress, { args: [address] });
    await order.signal(decidePayment, { approved: true, by: 'Ada' });
    await order.result();

    expect(children.shipOrder.temporalCalls.at(-1)?.args[0]).toMatchObject({ address });
  });

  it('is undone when it is cancelled', async () => {
    activities.priceOrder.mockResolvedValue({ netCents: 200_000 });
    const order = await env.start(processOrder, {
      workflowId: `order-${randomUUID()}`,
      args: [anOrder()],
    });
    await order.waitFor(orderStatus, (status) => status === 'awaiting-approval');

    await order.cancel();

    await expect(order.result()).rejects.toMatchObject({ message: 'Workflow execution cancelled' });
    expect(activities.releaseInventory).toHaveBeenCalledTimes(1);
  });

  it('is checked for fraud under a patch', async () => {
    const order = await env.start(processOrder, { args: [anOrder()] });

    await order.result();

    await expect(order).toHavePatch('assess-fraud');
    await expect(order).toReplay();
  });
});
