import { mockActivities, type ActivityMocks } from 'temporal-replay/testing';
import type { Activities } from '../src/activities';
import type { OrderInput } from '../src/types';

/** The world as it should be: every step of an order goes well. */
export function activitiesThatGoWell(): ActivityMocks<Activities> {
  return mockActivities<Activities>({
    priceOrder: async () => ({ netCents: 10_000 }),
    quoteTax: async () => ({ taxCents: 1_900 }),
    verifyAddress: async ({ address }) => ({ address }),
    reserveInventory: async () => undefined,
    releaseInventory: async () => undefined,
    assessFraud: async () => ({ score: 5 }),
    chargePayment: async ({ orderId }) => ({ paymentId: `payment-${orderId}` }),
    refundPayment: async () => ({ refundedCents: 11_900 }),
    createLabel: async () => ({ trackingNumber: 'TN1' }),
    voidLabel: async () => undefined,
    bookPickup: async () => ({ parcels: 1 }),
    sendEmail: async () => undefined,
  });
}

export const anOrder = (changes: Partial<OrderInput> = {}): OrderInput => ({
  orderId: 'order-1',
  customerId: 'customer-1',
  items: [{ sku: 'mug', quantity: 2 }],
  paymentToken: 'token',
  address: { street: 'Main St 1', postalCode: '12345', country: 'DE' },
  region: 'de',
  ...changes,
});
