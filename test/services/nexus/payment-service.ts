import * as nexus from 'nexus-rpc';

export const PaymentService = nexus.service('PaymentService', {
  charge: nexus.operation<{ orderId: string; cents: number }, { chargeId: string }>(),
  refund: nexus.operation<string, boolean>({ name: 'refund-charge' }),
});
