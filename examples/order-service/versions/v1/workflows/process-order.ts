import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  setHandler,
  TemporalFailure,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
  ChildWorkflowCancellationType,
} from '@temporalio/workflow';
import { CUSTOMER_ID, ORDER_STATUS } from '../../../src/search-attributes';
import type { Address, OrderInput, OrderResult, OrderStatus, PaymentDecision } from '../../../src/types';
import * as activities from '../../../src/workflows/activities';
import { earnPoints } from '../../../src/workflows/loyalty-account';
import { Saga } from '../../../src/workflows/saga';
import { shipOrder } from './ship-order';

export const orderStatus = defineQuery<OrderStatus>('orderStatus');
export const decidePayment = defineSignal<[PaymentDecision]>('decidePayment');
export const changeAddress = defineUpdate<Address, [Address]>('changeAddress');

/**
 * An order from its receipt to its delivery. What has been done is undone in reverse order if a later step fails or
 * the order is cancelled.
 */
export async function processOrder(order: OrderInput): Promise<OrderResult> {
  const { orderId, customerId, items } = order;
  const saga = new Saga();
  let status: OrderStatus = 'received';
  let address = order.address;
  let decision: PaymentDecision | undefined;

  const setStatus = (next: OrderStatus): void => {
    status = next;
    upsertSearchAttributes([{ key: ORDER_STATUS, value: next }]);
    log.info('order status', { orderId, status: next });
  };

  setHandler(orderStatus, () => status);
  setHandler(decidePayment, (made) => {
    decision ??= made;
  });
  setHandler(
    changeAddress,
    async (next) => {
      const verified = await activities.verifyAddress({ address: next });
      address = verified.address;
      return address;
    },
    {
      validator: (next) => {
        if (status === 'shipping' || status === 'completed') {
          throw ApplicationFailure.nonRetryable('The parcel is on its way', 'TooLate');
        }
        if (!/^\d{5}$/.test(next.postalCode)) {
          throw ApplicationFailure.nonRetryable(`Not a postal code: ${next.postalCode}`, 'InvalidAddress');
        }
      },
    },
  );

  try {
    const { netCents } = await activities.priceOrder({ items });
    const { taxCents } = await activities.quoteTax({ region: order.region, netCents });
    const totalCents = netCents + taxCents;
    upsertMemo({ totalCents });

    saga.onFailure('releaseInventory', () => activities.releaseInventory({ orderId }));
    await activities.reserveInventory({ orderId, items });

    if (totalCents > (order.approvalAboveCents ?? 100_000)) {
      setStatus('awaiting-approval');
      if (!(await condition(() => decision !== undefined, order.approvalTimeout ?? '24 hours'))) {
        throw ApplicationFailure.nonRetryable('Nobody approved the payment in time', 'ApprovalTimedOut');
      }
      if (!decision?.approved) {
        throw ApplicationFailure.nonRetryable(`Refused by ${decision?.by}`, 'PaymentRefused');
      }
    }

    setStatus('paying');
    saga.onFailure('refundPayment', () => activities.refundPayment({ refundId: `undo-${orderId}`, orderId }));
    const { paymentId } = await activities.chargePayment({
      orderId,
      customerId,
      token: order.paymentToken,
      amountCents: totalCents,
    });

    await condition(allHandlersFinished);
    setStatus('shipping');
    const { trackingNumber } = await executeChild(shipOrder, {
      workflowId: `${workflowInfo().workflowId}-shipment`,
      args: [
        {
          shipmentId: `ship-${orderId}`,
          orderId,
          customerId,
          items,
          address,
          deliveryTimeout: order.deliveryTimeout ?? '14 days',
        },
      ],
      typedSearchAttributes: [{ key: CUSTOMER_ID, value: customerId }],
      memo: { orderId },
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });

    setStatus('completed');
    if (order.loyaltyMember) await creditPoints(order, Math.floor(netCents / 100));
    await activities.sendEmail({ emailId: `${orderId}-thanks`, customerId, template: 'thanks' });
    await condition(allHandlersFinished);
    return { orderId, totalCents, paymentId, trackingNumber };
  } catch (err) {
    // Anything else is a bug: it fails the workflow task, which is tried again until the fix is there. Undo nothing.
    if (!(err instanceof TemporalFailure)) throw err;
    log.warn('order failed', { orderId, error: err.message });
    await saga.compensate();
    setStatus(isCancellation(err) ? 'cancelled' : 'failed');
    throw err;
  }
}

/** The order is done whether or not the customer still has an account. */
async function creditPoints({ orderId, customerId }: OrderInput, points: number): Promise<void> {
  try {
    await getExternalWorkflowHandle(`loyalty-${customerId}`).signal(earnPoints, { entryId: orderId, points });
  } catch (err) {
    if (!(err instanceof TemporalFailure) || isCancellation(err)) throw err;
    log.warn('no loyalty account', { orderId, customerId, error: err.message });
  }
}
