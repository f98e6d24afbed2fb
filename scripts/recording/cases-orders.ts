import { startOrder } from '../../examples/order-service/src/client';
import type { OrderInput } from '../../examples/order-service/src/types';
import { TASK_QUEUE } from '../../examples/order-service/src/worker';
import { changeAddress, decidePayment, orderStatus } from '../../examples/order-service/src/workflows';
import { largeOrder, order, shipment } from './inputs';
import type { RecordingCase } from './recorder';

/** An order that ends without any further action. */
const sent = (workflowId: string, covers: string, changes: Partial<OrderInput>): RecordingCase => ({
  workflowId,
  covers,
  async record(r, id) {
    await r.ended(await startOrder(r.client, order(id, changes)));
  },
});

/** An order that the carrier delivers. */
const delivered = (workflowId: string, covers: string, changes: Partial<OrderInput> = {}): RecordingCase => ({
  workflowId,
  covers,
  async record(r, id) {
    const handle = await startOrder(r.client, order(id, changes));
    await r.deliver(id);
    await r.ended(handle);
  },
});

export const ORDER_CASES: RecordingCase[] = [
  delivered(
    'order-completed',
    'completed: local activities, a patch marker, activities, a child, memo and search attributes',
  ),
  delivered('order-payment-flaky', 'an activity that succeeds at its third try', {
    paymentToken: 'tok_flaky',
  }),
  delivered('order-tax-backoff', 'a local activity whose retry waits for a timer, across workflow tasks', {
    region: 'XX-flaky',
  }),
  delivered('order-loyalty-member', 'a signal to another workflow, which takes it', { loyaltyMember: true }),
  delivered('order-loyalty-account-missing', 'a signal to another workflow, which does not exist', {
    loyaltyMember: true,
    customerId: 'cust-nobody',
  }),
  sent('order-card-declined', 'failed with compensation: refund, then release', {
    paymentToken: 'tok_declined',
  }),
  sent('order-payment-down', 'an activity whose tries are used up', { paymentToken: 'tok_down' }),
  sent('order-out-of-stock', 'an activity that fails for good', {
    items: [{ sku: 'collectors-cup', quantity: 1 }],
  }),
  sent('order-invalid', 'a local activity that fails for good', {
    items: [{ sku: 'no-such-thing', quantity: 1 }],
  }),
  sent('order-fraud', 'failed by what the patch has added', { customerId: 'cust-suspect' }),
  sent('order-undeliverable', 'a child that fails by its activity', {
    address: { street: 'Nowhere 1', postalCode: '00000', country: 'de' },
  }),
  sent('order-delivery-overdue', 'a child that fails by its timer', { deliveryTimeout: '1 second' }),
  sent('order-approval-timed-out', '`condition()` with a timeout that passes', {
    approvalAboveCents: 1_000,
    approvalTimeout: '1 second',
  }),
  {
    workflowId: 'order-approved',
    covers: '`condition()` with a timeout that is not needed: a signal cancels the timer',
    async record(r, id) {
      const handle = await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
      await handle.query(orderStatus);
      await handle.signal(decidePayment, { approved: true, by: 'carla' });
      await r.deliver(id);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-refused',
    covers: 'failed by a signal',
    async record(r, id) {
      const handle = await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
      await handle.signal(decidePayment, { approved: false, by: 'carla' });
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-address-changed',
    covers: 'updates: rejected by the validator, accepted and failed, accepted and completed',
    async record(r, id) {
      const handle = await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
      const change = async (updateId: string, postalCode: string): Promise<unknown> => {
        const address = { street: 'Ringstr. 9', postalCode, country: 'de' };
        return await handle
          .executeUpdate(changeAddress, { updateId, args: [address] })
          .catch(() => undefined);
      };
      await change('change-rejected', 'not a code');
      await change('change-failed', '00000');
      await change('change-completed', '20095');
      await handle.signal(decidePayment, { approved: true, by: 'carla' });
      await r.deliver(id);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-cancelled-while-paying',
    covers: 'cancelled while an activity runs that is waited for',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id, { paymentToken: 'tok_slow' }));
      await r.activityRunning(id, 'chargePayment');
      await handle.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-cancelled-while-shipping',
    covers: 'cancelled while its child runs, which is cancelled first',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id));
      await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
      await handle.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-parcel-lost',
    covers: 'a child that fails by a signal',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id));
      await r.deliver(id, 'lost');
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-shipment-cancelled',
    covers: 'a child that somebody else cancels',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id));
      const child = await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
      await child.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-shipment-terminated',
    covers: 'a child that is terminated',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id));
      const child = await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
      await child.terminate('carrier is bankrupt');
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-shipment-exists',
    covers: 'a child that cannot start, since its workflow id is in use',
    async record(r, id) {
      const existing = await r.client.workflow.start('shipOrder', {
        taskQueue: TASK_QUEUE,
        workflowId: `${id}-shipment`,
        args: [shipment(id)],
      });
      await r.ended(await startOrder(r.client, order(id)));
      await existing.terminate('was started by hand');
    },
  },
  {
    workflowId: 'order-terminated',
    covers: 'terminated',
    async record(r, id) {
      const handle = await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
      await handle.terminate('test order');
    },
  },
  {
    workflowId: 'order-timed-out',
    covers: 'timed out while it waits for an approval',
    async record(r, id) {
      await r.ended(await startOrder(r.client, largeOrder(id), { workflowExecutionTimeout: '3 seconds' }));
    },
  },
  {
    workflowId: 'order-tax-slow',
    covers: 'a local activity that outlives the workflow task: heartbeats of the task',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id, { region: 'XX-slow' }), {
        workflowTaskTimeout: '1 second',
      });
      await r.deliver(id);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-reset',
    covers:
      'reset while it ships: the first run is terminated, its child goes on, so the second run cannot start one',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id, { paymentToken: 'tok_flaky' }));
      await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
      const again = await r.reset(handle, 3);
      await r.ended(again);
    },
  },
  {
    workflowId: 'order-bug-fixed',
    covers: 'a workflow task that failed by a bug, and went on with the next version',
    async record(r, id) {
      const queue = 'orders-canary';
      const handle = await startOrder(r.client, order(id), { taskQueue: queue });
      await r.withWorker(
        { taskQueue: queue, interceptors: { workflowModules: [require.resolve('./bug')] } },
        () => r.waitFor(id, 'WORKFLOW_TASK_FAILED'),
      );
      await r.withWorker({ taskQueue: queue }, async () => {
        await r.deliver(id);
        await r.ended(handle);
      });
    },
  },
  {
    workflowId: 'order-worker-died',
    covers: 'a workflow task that timed out',
    async record(r, id) {
      const queue = 'orders-late';
      const handle = await startOrder(r.client, order(id), {
        taskQueue: queue,
        workflowTaskTimeout: '1 second',
      });
      await r.takeWorkflowTask(queue);
      await r.waitFor(id, 'WORKFLOW_TASK_TIMED_OUT');
      await r.withWorker({ taskQueue: queue, maxCachedWorkflows: 0 }, async () => {
        await r.deliver(id);
        await r.ended(handle);
      });
    },
  },
  {
    workflowId: 'order-open-approval',
    covers: 'open: waits for a signal while a timer runs',
    async record(r, id) {
      await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
    },
  },
  {
    workflowId: 'order-open-address-change',
    covers: 'open: an update is accepted and not completed, since its activity is tried again and again',
    async record(r, id) {
      const handle = await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
      await handle.startUpdate(changeAddress, {
        updateId: 'change-pending',
        args: [{ street: 'Ringstr. 9', postalCode: '99999', country: 'de' }],
        waitForStage: 'ACCEPTED',
      });
    },
  },
  {
    workflowId: 'order-open-shipping',
    covers: 'open: waits for its child',
    async record(r, id) {
      await startOrder(r.client, order(id));
      await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
    },
  },
  {
    workflowId: 'order-open-paying',
    covers: 'open: an activity is running',
    async record(r, id) {
      await startOrder(r.client, order(id, { paymentToken: 'tok_slow' }));
      await r.activityRunning(id, 'chargePayment');
    },
  },
  {
    workflowId: 'order-open-bug',
    covers: 'open: its last workflow task failed by a bug',
    async record(r, id) {
      const queue = 'orders-canary-2';
      await startOrder(r.client, order(id), { taskQueue: queue });
      await r.withWorker(
        { taskQueue: queue, interceptors: { workflowModules: [require.resolve('./bug')] } },
        () => r.waitFor(id, 'WORKFLOW_TASK_FAILED'),
      );
    },
  },
  {
    workflowId: 'order-open-no-worker',
    covers: 'open: no worker has taken its first workflow task',
    async record(r, id) {
      await startOrder(r.client, order(id), { taskQueue: 'orders-no-worker' });
    },
  },
  {
    workflowId: 'order-open-first-task',
    covers: 'open: its first workflow task is started',
    async record(r, id) {
      const queue = 'orders-first-task';
      await startOrder(r.client, order(id), { taskQueue: queue, workflowTaskTimeout: '2 minutes' });
      await r.takeWorkflowTask(queue);
    },
  },
  {
    workflowId: 'order-open-task-scheduled',
    covers: 'open: approved, and no worker has taken that workflow task',
    async record(r, id) {
      const queue = 'orders-scheduled';
      const handle = await startOrder(r.client, largeOrder(id), { taskQueue: queue });
      await r.withWorker({ taskQueue: queue, maxCachedWorkflows: 0 }, () => r.waitFor(id, 'TIMER_STARTED'));
      await handle.signal(decidePayment, { approved: true, by: 'carla' });
    },
  },
  {
    workflowId: 'order-open-task-started',
    covers: 'open: approved, and that workflow task is started',
    async record(r, id) {
      const queue = 'orders-started';
      const handle = await startOrder(r.client, largeOrder(id), {
        taskQueue: queue,
        workflowTaskTimeout: '2 minutes',
      });
      await r.withWorker({ taskQueue: queue, maxCachedWorkflows: 0 }, () => r.waitFor(id, 'TIMER_STARTED'));
      await handle.signal(decidePayment, { approved: true, by: 'carla' });
      await r.takeWorkflowTask(queue);
    },
  },
];
