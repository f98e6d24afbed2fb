import type {
  Client,
  WorkflowHandleWithFirstExecutionRunId,
  WorkflowHandleWithSignaledRunId,
  WorkflowOptions,
} from '@temporalio/client';
import { CUSTOMER_ID, ORDER_STATUS } from './search-attributes';
import type {
  LoyaltyInput,
  OrderInput,
  PointsEarned,
  RefundInput,
  RestockInput,
  SubscriptionInput,
} from './types';
import { TASK_QUEUE } from './worker';
import {
  earnPoints,
  loyaltyAccount,
  type processOrder,
  type refundOrder,
  type restockInventory,
  type subscription,
} from './workflows';

/** For tests: another task queue, timeouts … */
type Overrides = Partial<
  Pick<
    WorkflowOptions,
    'taskQueue' | 'workflowTaskTimeout' | 'workflowExecutionTimeout' | 'retry' | 'workflowIdReusePolicy'
  >
> & {
  workflowId?: string;
};

/** The workflow's id is the order's: an order that is sent twice runs once. */
export const startOrder = (
  client: Client,
  order: OrderInput,
  overrides: Overrides = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof processOrder>> =>
  client.workflow.start<typeof processOrder>('processOrder', {
    taskQueue: TASK_QUEUE,
    workflowId: order.orderId,
    args: [order],
    typedSearchAttributes: [
      { key: CUSTOMER_ID, value: order.customerId },
      { key: ORDER_STATUS, value: 'received' },
    ],
    memo: { channel: 'web-shop' },
    ...overrides,
  });

export const startRefund = (
  client: Client,
  refund: RefundInput,
  overrides: Overrides = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof refundOrder>> =>
  client.workflow.start<typeof refundOrder>('refundOrder', {
    taskQueue: TASK_QUEUE,
    workflowId: `refund-${refund.orderId}`,
    args: [refund],
    typedSearchAttributes: [{ key: CUSTOMER_ID, value: refund.customerId }],
    ...overrides,
  });

/** Opens the customer's account with the first points that they earn. */
export const addPoints = (
  client: Client,
  account: LoyaltyInput,
  earned: PointsEarned,
  overrides: Overrides = {},
): Promise<WorkflowHandleWithSignaledRunId<typeof loyaltyAccount>> =>
  client.workflow.signalWithStart(loyaltyAccount, {
    taskQueue: TASK_QUEUE,
    workflowId: `loyalty-${account.customerId}`,
    args: [account],
    signal: earnPoints,
    signalArgs: [earned],
    typedSearchAttributes: [{ key: CUSTOMER_ID, value: account.customerId }],
    ...overrides,
  });

export const startRestock = (
  client: Client,
  restock: RestockInput,
  overrides: Overrides = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof restockInventory>> =>
  client.workflow.start<typeof restockInventory>('restockInventory', {
    taskQueue: TASK_QUEUE,
    workflowId: `restock-${restock.warehouse}`,
    args: [restock],
    ...overrides,
  });

export const startSubscription = (
  client: Client,
  input: SubscriptionInput,
  overrides: Overrides = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof subscription>> =>
  client.workflow.start<typeof subscription>('subscription', {
    taskQueue: TASK_QUEUE,
    workflowId: input.subscriptionId,
    args: [input],
    typedSearchAttributes: [{ key: CUSTOMER_ID, value: input.customerId }],
    ...overrides,
  });
