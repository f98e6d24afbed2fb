/** Only type-checked: what the types of the mocks refuse. */
import {
  createTestEnvironment,
  hang,
  mockActivities,
  mockNexusOperations,
  mockChildWorkflows,
  nonRetryableFailure,
  runActivity,
} from '../../../lib/testing';
import type * as real from '../../services/mocks/activities';
import type * as workflows from '../../services/mocks/workflows';
import { PaymentService } from '../../services/nexus/payment-service';

export async function typesOfMocks(chargeCard: typeof real.chargeCard): Promise<void> {
  const activities = mockActivities<typeof real>({
    chargeCard: async (orderId, cents) => ({ chargeId: `${orderId.trim()}-${cents.toFixed()}` }),
    ship: async () => 'parcel',
    quote: hang(),
  });
  activities.chargeCard
    .failTimes(2, nonRetryableFailure('no'))
    .delay('2 minutes')
    .byAttempt([{ chargeId: 'c' }, hang()]);
  activities.chargeCard.temporalCalls.map(({ args: [orderId, cents] }) => orderId.trim() + cents.toFixed());

  interface Ratings {
    rate(customer: string): Promise<'good' | 'bad'>;
    now(): number;
  }
  const ratings = mockActivities<Ratings>({ rate: async () => 'good', now: async () => 1 });
  ratings.rate.mockImplementation(async (customer) => (customer === 'c1' ? 'bad' : 'good'));
  ratings.rate.byAttempt([async () => 'bad', 'good']);
  ratings.now.mockImplementation(() => 2);
  // @ts-expect-error no such rating
  ratings.rate.mockImplementation(async () => 'fair');
  // @ts-expect-error an async activity
  ratings.rate.mockImplementation(() => 'good');

  // @ts-expect-error unknown activity
  mockActivities<typeof real>({ chargeCart: async () => ({ chargeId: 'c' }) });
  // @ts-expect-error wrong result
  mockActivities<typeof real>({ chargeCard: async () => 'c' });
  // @ts-expect-error wrong arguments
  mockActivities<typeof real>({ ship: async (orderId: number) => `${orderId}` });
  // @ts-expect-error wrong result
  activities.ship.mockResolvedValue(7);
  // @ts-expect-error unknown activity
  activities.shipp.mockResolvedValue('x');
  // @ts-expect-error wrong result of an attempt
  activities.ship.byAttempt([7]);

  const childWorkflows = mockChildWorkflows<typeof workflows>({
    shipOrder: async ({ orderId }) => orderId.trim(),
    leavesChild: undefined,
  });
  childWorkflows.shipOrder.neverStart().mockResolvedValue('x');
  // @ts-expect-error unknown workflow
  mockChildWorkflows<typeof workflows>({ shipOrders: 'x' });
  // @ts-expect-error wrong result
  mockChildWorkflows<typeof workflows>({ shipOrder: 7 });
  // @ts-expect-error a signal is no workflow
  mockChildWorkflows<typeof workflows>({ pack: 'x' });
  // @ts-expect-error a child has no heartbeats
  childWorkflows.shipOrder.heartbeat(1);

  await createTestEnvironment({ activities, childWorkflows });

  const charged: { chargeId: string } = await runActivity(chargeCard, ['o1', 100]);
  void charged;
  // @ts-expect-error an argument is missing
  void runActivity(chargeCard, ['o1']);
  // @ts-expect-error an argument is missing
  void runActivity(chargeCard, 'o1');
  // @ts-expect-error wrong argument
  void runActivity(chargeCard, 7);
}

export function typesOfNexusMocks(): void {
  const { charge, refund } = mockNexusOperations({
    endpoint: 'payments',
    service: PaymentService,
    operations: { charge: async ({ orderId, cents }) => ({ chargeId: orderId.trim() + cents.toFixed() }) },
  });
  charge.byAttempt([new Error('lost'), { chargeId: 'c' }]).failTimes(1);
  refund.mockResolvedValue(true);
  charge.temporalCalls.map(({ input }) => input.orderId.trim());

  // @ts-expect-error unknown operation
  mockNexusOperations({ endpoint: 'e', service: PaymentService, operations: { change: true } });
  // @ts-expect-error wrong result
  mockNexusOperations({ endpoint: 'e', service: PaymentService, operations: { refund: 'yes' } });
  // @ts-expect-error wrong value
  refund.mockResolvedValue('yes');

  const { quote } = mockNexusOperations({
    endpoint: 'quotes',
    service: 'QuoteService',
    operations: { quote: async (of: string) => of.length },
  });
  quote.mockResolvedValue(19);
  // @ts-expect-error wrong value
  quote.mockResolvedValue('19');
}
