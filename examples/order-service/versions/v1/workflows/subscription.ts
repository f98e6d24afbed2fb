import {
  CancellationScope,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  ParentClosePolicy,
  setHandler,
  sleep,
  startChild,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { CUSTOMER_ID } from '../../../src/search-attributes';
import type { SubscriptionInput, SubscriptionPlan } from '../../../src/types';
import * as activities from '../../../src/workflows/activities';
import { processOrder } from './process-order';

export const pauseSubscription = defineSignal('pauseSubscription');
export const resumeSubscription = defineSignal('resumeSubscription');
export const endTrial = defineSignal('endTrial');
export const stopSubscription = defineSignal('stopSubscription');
export const changePlan = defineUpdate<SubscriptionPlan, [SubscriptionPlan]>('changePlan');

/** Sends a box every period: each is an order of its own, which outlives the subscription. */
export async function subscription(input: SubscriptionInput): Promise<{ renewals: number }> {
  const { subscriptionId, customerId, period, renewalsPerRun = 12, maxRenewals = Infinity } = input;
  const trial = new CancellationScope();
  let { plan, renewals = 0 } = input;
  let paused = false;
  let stopped = false;

  setHandler(pauseSubscription, () => {
    paused = true;
  });
  setHandler(resumeSubscription, () => {
    paused = false;
  });
  setHandler(endTrial, () => trial.cancel());
  setHandler(stopSubscription, () => {
    stopped = true;
    trial.cancel();
  });
  setHandler(
    changePlan,
    (next) => {
      plan = next;
      upsertMemo({ plan: next.name });
      return plan;
    },
    {
      validator: (next) => {
        if (next.items.length === 0) throw ApplicationFailure.nonRetryable('An empty box', 'InvalidPlan');
      },
    },
  );

  if (input.trial && renewals === 0) {
    try {
      await trial.run(() => sleep(input.trial!, { summary: 'trial' }));
    } catch (err) {
      // The workflow's own cancellation ends the subscription; only the scope's ends the trial.
      if (!isCancellation(err) || CancellationScope.current().consideredCancelled) throw err;
      log.info('trial ended early', { subscriptionId });
    }
  }

  for (let sent = 0; !stopped && renewals < maxRenewals; sent++) {
    if (sent >= renewalsPerRun) {
      await continueAsNew<typeof subscription>({ ...input, plan, renewals });
    }
    // Spread the renewals of all customers over a moment.
    await sleep(Math.ceil(Math.random() * 100));
    if (await condition(() => stopped, period)) break;
    await condition(() => !paused || stopped);
    if (stopped) break;

    renewals++;
    const orderId = `${subscriptionId}-box-${renewals}`;
    await startChild(processOrder, {
      workflowId: orderId,
      args: [
        {
          orderId,
          customerId,
          items: plan.items,
          paymentToken: input.paymentToken,
          address: input.address,
          region: input.region,
        },
      ],
      typedSearchAttributes: [{ key: CUSTOMER_ID, value: customerId }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
    log.info('box sent', { subscriptionId, orderId, run: workflowInfo().runId });
  }
  await activities.sendEmail({ emailId: `${subscriptionId}-goodbye`, customerId, template: 'goodbye' });
  return { renewals };
}
