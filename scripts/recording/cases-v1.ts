import { startOrder, startRefund, startSubscription } from '../../examples/order-service/src/client';
import { decidePayment, stopSubscription } from '../../examples/order-service/src/workflows';
import { box, largeOrder, order } from './inputs';
import type { Recorder, RecordingCase } from './recorder';

/** Cases that are recorded with version 1 of the service: no fraud check, one patch live, one deprecated. */
export const CASES_V1: RecordingCase[] = [
  {
    workflowId: 'order-v1-completed',
    covers: 'completed before `patched()` was there: takes the old path',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id));
      await r.deliver(id);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-v1-declined',
    covers: 'failed with compensation, on the old path',
    async record(r, id) {
      await r.ended(await startOrder(r.client, order(id, { paymentToken: 'tok_declined' })));
    },
  },
  {
    workflowId: 'order-v1-cancelled',
    covers: 'cancelled while it ships, on the old path: the child is cancelled first',
    async record(r, id) {
      const handle = await startOrder(r.client, order(id));
      await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
      await handle.cancel();
      await r.ended(handle);
    },
  },
  {
    workflowId: 'refund-v1-live-marker',
    covers: 'a live patch marker, where the code now has `deprecatePatch()`',
    async record(r, id) {
      const refund = { orderId: 'order-of-june', customerId: 'cust-anna', amountCents: 500, reason: 'late' };
      await r.ended(await startRefund(r.client, refund, { workflowId: id }));
    },
  },
  {
    workflowId: 'subscription-v1',
    covers: 'stopped by a signal while its renewal timer runs; its boxes are orders on the old path',
    async record(r, id) {
      const handle = await startSubscription(r.client, box(id, { paymentToken: 'tok_declined' }));
      await r.ended(await r.handleOf(`${id}-box-1`));
      await handle.signal(stopSubscription);
      await r.ended(handle);
    },
  },
];

/** Cases that start with version 1 and continue with the current version. */
export const CASES_ACROSS: (RecordingCase & { start(r: Recorder, id: string): Promise<unknown> })[] = [
  {
    workflowId: 'order-v1-then-current',
    covers: 'started with version 1, approved and completed with the current one: stays on the old path',
    async start(r, id) {
      await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
    },
    async record(r, id) {
      const handle = r.client.workflow.getHandle(id);
      await handle.signal(decidePayment, { approved: true, by: 'carla' });
      await r.deliver(id);
      await r.ended(handle);
    },
  },
  {
    workflowId: 'order-v1-open-approval',
    covers: 'open since version 1: waits for an approval while a timer runs',
    async start(r, id) {
      await startOrder(r.client, largeOrder(id));
      await r.waitFor(id, 'TIMER_STARTED');
    },
    record: async () => {},
  },
  {
    workflowId: 'order-v1-open-shipping',
    covers: 'open since version 1: waits for its child, which waits for the carrier',
    async start(r, id) {
      await startOrder(r.client, order(id));
      await r.waitFor(`${id}-shipment`, 'TIMER_STARTED');
    },
    record: async () => {},
  },
];
