import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineUpdate,
  getExternalWorkflowHandle,
  log,
  patched,
  setHandler,
  TemporalFailure,
  uuid4,
} from '@temporalio/workflow';
import type { RefundInput, RefundResult, RefundReview } from '../../../src/types';
import * as activities from '../../../src/workflows/activities';

export const reviewRefund = defineUpdate<RefundResult, [RefundReview]>('reviewRefund');

/** Gives money back: at once for small amounts, after a review for large ones. */
export async function refundOrder(input: RefundInput): Promise<RefundResult> {
  const { orderId, customerId } = input;
  const refundId = uuid4();
  const requestedAt = new Date().toISOString();
  let review: RefundReview | undefined;
  let result: RefundResult | undefined;

  setHandler(
    reviewRefund,
    async (made) => {
      review = made;
      await condition(() => result !== undefined);
      return result!;
    },
    {
      validator: (made) => {
        if (review)
          throw ApplicationFailure.nonRetryable(`Already reviewed by ${review.reviewer}`, 'AlreadyReviewed');
        if (made.amountCents > input.amountCents) {
          throw ApplicationFailure.nonRetryable('More than was asked for', 'InvalidAmount');
        }
      },
    },
  );

  if (input.orderWorkflowId) await cancelOrder(input.orderWorkflowId);

  let amountCents = input.amountCents;
  if (amountCents > (input.reviewAboveCents ?? 20_000)) {
    await condition(() => review !== undefined);
    amountCents = review!.approved ? review!.amountCents : 0;
  }

  const { refundedCents } = await activities.refundPayment({ refundId, orderId, amountCents, requestedAt });

  if (patched('email-after-refund')) {
    await activities.sendEmail({ emailId: `${refundId}-email`, customerId, template: 'refund' });
  }

  result = { refundId, refundedCents };
  log.info('refunded', { orderId, refundId, refundedCents });
  // Lets a review that waits for the result answer before the run ends.
  await condition(allHandlersFinished);
  return result;
}

/** An order that has ended needs no cancellation. */
async function cancelOrder(workflowId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).cancel();
  } catch (err) {
    if (!(err instanceof TemporalFailure)) throw err;
    log.info('order has ended', { workflowId });
  }
}
