import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ExpenseActivities } from './types';

const { payOut, bookPayment } = proxyActivities<ExpenseActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumInterval: '10 seconds' },
});

export async function reimburse(employee: string, amountCents: number): Promise<string> {
  const reference = workflowInfo().workflowId;
  const paymentId = await payOut({ reference, employee, amountCents });
  await bookPayment({ reference, paymentId });
  return paymentId;
}
