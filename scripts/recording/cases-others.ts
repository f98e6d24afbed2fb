import { WithStartWorkflowOperation } from '@temporalio/client';
import {
  addPoints,
  startOrder,
  startRefund,
  startRestock,
  startSubscription,
} from '../../examples/order-service/src/client';
import type { RefundInput } from '../../examples/order-service/src/types';
import { TASK_QUEUE } from '../../examples/order-service/src/worker';
import {
  changePlan,
  closeAccount,
  earnPoints,
  endTrial,
  loyaltyAccount,
  pauseSubscription,
  pointsBalance,
  redeemPoints,
  resumeSubscription,
  reviewRefund,
  stopSubscription,
} from '../../examples/order-service/src/workflows';
import { box, largeOrder } from './inputs';
import type { RecordingCase } from './recorder';

const refund = (orderId: string, amountCents: number, changes: Partial<RefundInput> = {}): RefundInput => ({
  orderId,
  customerId: 'cust-anna',
  amountCents,
  reason: 'broken on arrival',
  ...changes,
});

const REFUNDS: RecordingCase[] = [
  {
    workflowId: 'refund-small',
    covers: 'completed: a random id and the time in an activity’s input, a deprecated patch marker',
    async record(r, id) {
      await r.ended(await startRefund(r.client, refund('order-small', 1_900), { workflowId: id }));
    },
  },
  {
    workflowId: 'refund-reviewed',
    covers: 'an update that is rejected, and one that is answered with the workflow’s result',
    async record(r, id) {
      const handle = await startRefund(r.client, refund('order-large', 90_000), { workflowId: id });
      const review = async (updateId: string, amountCents: number): Promise<unknown> =>
        await handle
          .executeUpdate(reviewRefund, {
            updateId,
            args: [{ reviewer: 'carla', approved: true, amountCents }],
          })
          .catch(() => undefined);
      await review('review-too-much', 95_000);
      await review('review', 80_000);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'refund-stops-order',
    covers: 'cancels another workflow',
    async record(r, id) {
      const order = await startOrder(r.client, largeOrder('order-stopped-by-refund'));
      await r.waitFor(order.workflowId, 'TIMER_STARTED');
      const input = refund(order.workflowId, 1_900, { orderWorkflowId: order.workflowId });
      await r.ended(await startRefund(r.client, input, { workflowId: id }));
      await r.ended(order);
    },
  },
  {
    workflowId: 'refund-of-unknown-order',
    covers: 'cancels another workflow, which does not exist',
    async record(r, id) {
      const input = refund('order-of-1999', 1_900, { orderWorkflowId: 'order-of-1999' });
      await r.ended(await startRefund(r.client, input, { workflowId: id }));
    },
  },
  {
    workflowId: 'refund-reset',
    covers: 'reset to its first workflow task: the second run draws other random numbers',
    async record(r, id) {
      const handle = await startRefund(r.client, refund('order-reset-refund', 1_900), { workflowId: id });
      await r.ended(handle);
      await r.ended(await r.reset(handle, 1));
    },
  },
  {
    workflowId: 'refund-cancelled',
    covers: 'cancelled while it waits for nothing but an update: no command is pending',
    async record(r, id) {
      const handle = await startRefund(r.client, refund('order-cancelled-refund', 90_000), {
        workflowId: id,
      });
      await r.waitFor(id, 'WORKFLOW_TASK_COMPLETED');
      await handle.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'refund-timed-out',
    covers: 'timed out with nothing pending',
    async record(r, id) {
      const input = refund('order-timed-out-refund', 90_000);
      await r.ended(
        await startRefund(r.client, input, { workflowId: id, workflowExecutionTimeout: '2 seconds' }),
      );
    },
  },
  {
    workflowId: 'refund-open-review',
    covers: 'open: waits for an update, no command was ever issued',
    async record(r, id) {
      await startRefund(r.client, refund('order-open-refund', 90_000), { workflowId: id });
      await r.waitFor(id, 'WORKFLOW_TASK_COMPLETED');
    },
  },
];

const LOYALTY: RecordingCase[] = [
  {
    workflowId: 'loyalty-cust-anna',
    covers: 'open: started by a signal; updates completed and rejected; takes the signals of other workflows',
    async record(r, id) {
      const account = { customerId: 'cust-anna', points: 0 };
      await addPoints(r.client, account, { entryId: 'welcome', points: 100 });
      const handle = await r.waitFor(id, 'ACTIVITY_TASK_COMPLETED');
      const redeem = async (redemptionId: string, points: number): Promise<unknown> =>
        await handle
          .executeUpdate(redeemPoints, { updateId: redemptionId, args: [{ redemptionId, points }] })
          .catch(() => undefined);
      await redeem('redeem-1', 60);
      await redeem('redeem-too-much', 1_000_000);
      await handle.query(pointsBalance);
    },
  },
  {
    workflowId: 'loyalty-cust-chain',
    covers: 'continued as new three times, then completed',
    async record(r, id) {
      const account = { customerId: 'cust-chain', points: 10, entriesPerRun: 4 };
      for (let n = 1; n <= 14; n++) await addPoints(r.client, account, { entryId: `chain-${n}`, points: n });
      const handle = r.client.workflow.getHandle(id);
      await r.eventually('14 entries', async () => (await handle.query(pointsBalance)) === 115 || undefined);
      await handle.signal(closeAccount);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'loyalty-cust-gift',
    covers: 'started together with an update; then cancelled',
    async record(r, id) {
      const startWorkflowOperation = new WithStartWorkflowOperation(loyaltyAccount, {
        workflowId: id,
        taskQueue: TASK_QUEUE,
        args: [{ customerId: 'cust-gift', points: 50 }],
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      await r.client.workflow.executeUpdateWithStart(redeemPoints, {
        updateId: 'redeem-gift',
        args: [{ redemptionId: 'redeem-gift', points: 50 }],
        startWorkflowOperation,
      });
      const handle = r.client.workflow.getHandle(id);
      await handle.signal(earnPoints, { entryId: 'gift-back', points: 5 });
      await r.waitFor(id, 'ACTIVITY_TASK_COMPLETED', 2);
      await handle.cancel();
      await r.ended(handle);
    },
  },
];

const skus = (count: number): string[] => Array.from({ length: count }, (_, n) => `sku-${n + 1}`);

const RESTOCKS: RecordingCase[] = [
  {
    workflowId: 'restock-berlin',
    covers: 'a large history: parallel activities in batches',
    async record(r, id) {
      const input = { warehouse: 'berlin', skus: skus(20), target: 25 };
      await r.ended(await startRestock(r.client, input, { workflowId: id }));
    },
  },
  {
    workflowId: 'restock-hamburg-stalled',
    covers: 'a heartbeat timeout; the next try sees what the first one had done',
    async record(r, id) {
      const input = { warehouse: 'hamburg', skus: ['stall-1', 'sku-101'], target: 10 };
      await r.ended(await startRestock(r.client, input, { workflowId: id }));
    },
  },
  {
    workflowId: 'restock-munich-discontinued',
    covers:
      'failed twice, by the workflow’s own retry policy: one activity fails, the rest of its batch is cancelled',
    async record(r, id) {
      const input = { warehouse: 'munich', skus: ['gone-1', 'slow-1', 'slow-2'], target: 10 };
      const retry = { maximumAttempts: 2, initialInterval: '1 second' } as const;
      await r.ended(await startRestock(r.client, input, { workflowId: id, retry }));
    },
  },
  {
    workflowId: 'restock-cologne-cancelled',
    covers: 'cancelled with parallel activities running',
    async record(r, id) {
      const input = { warehouse: 'cologne', skus: ['slow-3', 'slow-4', 'sku-201'], target: 10 };
      const handle = await startRestock(r.client, input, { workflowId: id });
      await r.waitFor(id, 'ACTIVITY_TASK_COMPLETED', 2);
      await handle.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'restock-leipzig-open',
    covers: 'open: two of three parallel activities are running',
    async record(r, id) {
      const input = { warehouse: 'leipzig', skus: ['slow-5', 'slow-6', 'sku-301'], target: 10 };
      await startRestock(r.client, input, { workflowId: id });
      await r.waitFor(id, 'ACTIVITY_TASK_COMPLETED', 2);
    },
  },
  {
    workflowId: 'restock-nothing-to-do',
    covers: 'completed in its first workflow task',
    async record(r, id) {
      const input = { warehouse: 'bremen', skus: ['coffee-beans'], target: 1 };
      await r.ended(await startRestock(r.client, input, { workflowId: id }));
    },
  },
  {
    workflowId: 'restock-nightly',
    covers: 'started by a schedule, which adds the time to the workflow id',
    async record(r, id) {
      const schedule = await r.client.schedule.create({
        scheduleId: 'restock-nightly',
        spec: { calendars: [{ hour: 3 }] },
        action: {
          type: 'startWorkflow',
          workflowType: 'restockInventory',
          taskQueue: TASK_QUEUE,
          workflowId: id,
          args: [{ warehouse: 'berlin', skus: ['sku-401', 'sku-402'], target: 5 }],
        },
      });
      await schedule.trigger();
      const started = await r.eventually('the scheduled run', async () => {
        const { info } = await schedule.describe();
        return info.recentActions[0]?.action;
      });
      await r.ended(r.client.workflow.getHandle(started.workflow.workflowId));
      await schedule.delete();
    },
  },
];

const SUBSCRIPTIONS: RecordingCase[] = [
  {
    workflowId: 'subscription-completed',
    covers: 'completed: timers of random length, children that outlive it',
    async record(r, id) {
      await r.ended(await startSubscription(r.client, box(id, { maxRenewals: 2 })));
    },
  },
  {
    workflowId: 'subscription-chain',
    covers: 'continued as new after each box, then completed',
    async record(r, id) {
      const input = box(id, { maxRenewals: 3, renewalsPerRun: 1, paymentToken: 'tok_declined' });
      await r.ended(await startSubscription(r.client, input));
    },
  },
  {
    workflowId: 'subscription-trial-ended',
    covers: 'a timer that is cancelled with its scope; stopped by a signal',
    async record(r, id) {
      const handle = await startSubscription(r.client, box(id, { trial: '14 days', period: '30 days' }));
      await r.waitFor(id, 'TIMER_STARTED');
      await handle.signal(endTrial);
      await r.waitFor(id, 'TIMER_STARTED', 3);
      await handle.signal(stopSubscription);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'subscription-trial-cancelled',
    covers: 'cancelled while a timer runs',
    async record(r, id) {
      const handle = await startSubscription(r.client, box(id, { trial: '14 days', period: '30 days' }));
      await r.waitFor(id, 'TIMER_STARTED');
      await handle.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'subscription-plan-changed',
    covers: 'updates without an activity, one rejected; signals while it is paused; open at its next timer',
    async record(r, id) {
      const handle = await startSubscription(r.client, box(id, { paymentToken: 'tok_declined' }));
      await handle.signal(pauseSubscription);
      const change = async (updateId: string, skuNames: string[]): Promise<unknown> =>
        await handle
          .executeUpdate(changePlan, {
            updateId,
            args: [{ name: 'monthly-set', items: skuNames.map((sku) => ({ sku, quantity: 1 })) }],
          })
          .catch(() => undefined);
      await change('plan-empty', []);
      await change('plan-set', ['coffee-beans', 'filter-papers']);
      await r.waitFor(id, 'TIMER_FIRED', 2);
      await handle.signal(resumeSubscription);
      await r.ended(await r.handleOf(`${id}-box-1`));
      await handle.signal(pauseSubscription);
    },
  },
  {
    workflowId: 'subscription-open-trial',
    covers: 'open: waits for a timer',
    async record(r, id) {
      await startSubscription(r.client, box(id, { trial: '14 days', period: '30 days' }));
      await r.waitFor(id, 'TIMER_STARTED');
    },
  },
  {
    workflowId: 'subscription-terminated',
    covers: 'terminated before its first workflow task was taken',
    async record(r, id) {
      const handle = await startSubscription(r.client, box(id), { taskQueue: 'orders-no-worker' });
      await handle.terminate('clicked twice');
    },
  },
];

export const OTHER_CASES: RecordingCase[] = [...REFUNDS, ...LOYALTY, ...RESTOCKS, ...SUBSCRIPTIONS];
