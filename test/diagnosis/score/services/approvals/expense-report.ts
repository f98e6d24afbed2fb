import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import { reimburse } from './reimbursement';
import type { Decision, ExpenseActivities, ExpenseReport, ScannedReceipt } from './types';

const expenses = proxyActivities<ExpenseActivities>({ startToCloseTimeout: '45 seconds' });

export const decide = defineSignal<[Decision]>('decide');
export const comment = defineSignal<[string]>('comment');
export const addReceipt = defineUpdate<number, [string]>('addReceipt');
export const pendingApprover = defineQuery<string | null>('pendingApprover');

export async function expenseReport(report: ExpenseReport): Promise<{ paymentId: string; receipts: number }> {
  const { reportId, employee, amountCents, approvers } = report;
  const decisions = new Map<string, boolean>();
  const receipts: ScannedReceipt[] = [];
  let current: string | null = null;

  setHandler(pendingApprover, () => current);
  setHandler(decide, ({ approver, approved }) => void decisions.set(approver, approved));
  setHandler(comment, async (text) => {
    await expenses.postComment({ reportId, text });
  });
  setHandler(
    addReceipt,
    async (receiptId) => {
      const receipt = await expenses.scanReceipt({ reportId, receiptId });
      receipts.push(receipt);
      return receipts.length;
    },
    {
      validator: (receiptId) => {
        if (!receiptId) throw ApplicationFailure.nonRetryable('A receipt has an id', 'NoReceiptId');
      },
    },
  );

  for (const approver of approvers) {
    current = approver;
    await askUntilAnswered(report, approver, decisions);
    if (!decisions.get(approver)) {
      await expenses.notifyEmployee({ reportId, employee, text: `Rejected by ${approver}` });
      throw ApplicationFailure.nonRetryable(`Rejected by ${approver}`, 'Rejected');
    }
  }
  current = null;

  await condition(allHandlersFinished);
  await expenses.reserveBudget({ reportId, amountCents });
  const paymentId = await executeChild(reimburse, {
    workflowId: `reimburse-${reportId}`,
    args: [employee, amountCents],
    workflowExecutionTimeout: '1 day',
  });
  await expenses.notifyEmployee({ reportId, employee, text: `Paid: ${paymentId}` });
  return { paymentId, receipts: receipts.length };
}

/** Asks once, and the boss if there is no answer in time. Without any answer it is a no. */
async function askUntilAnswered(
  { reportId, answerWithin }: ExpenseReport,
  approver: string,
  decisions: ReadonlyMap<string, boolean>,
): Promise<void> {
  const answered = (): boolean => decisions.has(approver);
  await expenses.askApprover({ reportId, approver });
  if (await condition(answered, answerWithin as '1 second')) return;
  await expenses.escalate({ reportId, approver, to: 'boss' });
  await condition(answered, answerWithin as '1 second');
}
