import type { OrderInput, ShipmentInput, SubscriptionInput } from '../../examples/order-service/src/types';

const address = { street: 'Hauptstr. 5', postalCode: '10827', country: 'de' };

export const order = (orderId: string, changes: Partial<OrderInput> = {}): OrderInput => ({
  orderId,
  customerId: 'cust-anna',
  items: [
    { sku: 'coffee-beans', quantity: 2 },
    { sku: 'filter-papers', quantity: 1 },
  ],
  paymentToken: 'tok_visa',
  address,
  region: 'DE',
  ...changes,
});

/** An order above the limit from which on a person has to approve. */
export const largeOrder = (orderId: string, changes: Partial<OrderInput> = {}): OrderInput =>
  order(orderId, { items: [{ sku: 'grinder', quantity: 1 }], approvalAboveCents: 10_000, ...changes });

export const shipment = (orderId: string): ShipmentInput => ({
  shipmentId: `ship-${orderId}`,
  orderId,
  customerId: 'cust-anna',
  items: [{ sku: 'coffee-beans', quantity: 2 }],
  address,
  deliveryTimeout: '14 days',
});

export const box = (subscriptionId: string, changes: Partial<SubscriptionInput> = {}): SubscriptionInput => ({
  subscriptionId,
  customerId: 'cust-bert',
  plan: { name: 'monthly-beans', items: [{ sku: 'coffee-beans', quantity: 1 }] },
  address,
  paymentToken: 'tok_visa',
  region: 'DE',
  period: '1 second',
  ...changes,
});
