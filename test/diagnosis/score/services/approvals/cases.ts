import type { Service } from '../../recording';
import type { ExpenseActivities, ExpenseReport } from './types';

const activities: ExpenseActivities = {
  askApprover: async () => undefined,
  escalate: async () => undefined,
  scanReceipt: async ({ receiptId }) => ({ receiptId, amountCents: 1_200 }),
  postComment: async () => undefined,
  notifyEmployee: async () => undefined,
  reserveBudget: async () => ({ account: 'travel' }),
  payOut: async ({ reference }) => `pay-${reference}`,
  bookPayment: async () => undefined,
};

const report = (reportId: string, approvers: string[], answerWithin = '3 days'): ExpenseReport => ({
  reportId,
  employee: 'emil',
  amountCents: 8_400,
  approvers,
  answerWithin,
});

export const approvals: Service = {
  name: 'approvals',
  activities,
  interceptors: 'interceptors.ts',
  cases: [
    {
      history: 'approved',
      type: 'expenseReport',
      args: [report('r1', ['lena', 'otto'])],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.executeUpdate('addReceipt', { updateId: 'hotel-bill', args: ['hotel-bill'] });
        await handle.signal('decide', { approver: 'lena', approved: true });
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED', 2);
        await handle.signal('decide', { approver: 'otto', approved: true });
      },
    },
    {
      history: 'rejected',
      type: 'expenseReport',
      args: [report('r2', ['lena'])],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.signal('comment', 'Why first class?');
        await recorder.waitFor(handle.workflowId, 'ACTIVITY_TASK_COMPLETED', 2);
        await handle.signal('decide', { approver: 'lena', approved: false });
      },
    },
    {
      history: 'open-escalated',
      type: 'expenseReport',
      args: [report('r3', ['lena', 'otto'], '2 seconds')],
      async leaveOpen(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED', 2);
      },
    },
    { history: 'reimbursed', type: 'reimburse', args: ['emil', 8_400] },
  ],
};
