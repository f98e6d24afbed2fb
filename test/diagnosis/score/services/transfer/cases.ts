import { ApplicationFailure } from '@temporalio/common';
import type { Service } from '../../recording';
import type { BankActivities, LimitActivities, TransferRequest } from './types';

const activities: BankActivities & LimitActivities = {
  checkLimits: async ({ amountCents }) => ({ needsApproval: amountCents >= 100_000 }),
  requestApproval: async () => undefined,
  withdraw: async ({ reference }) => `booked ${reference}`,
  async deposit({ account, reference }) {
    if (account === 'closed')
      throw ApplicationFailure.create({ message: 'Account closed', type: 'AccountClosed' });
    return `booked ${reference}`;
  },
  refund: async ({ reference }) => `booked ${reference}`,
  sendReceipt: async () => undefined,
  recordLoss: async () => undefined,
};

const request = (transferId: string, changes: Partial<TransferRequest> = {}): TransferRequest => ({
  transferId,
  from: 'checking-7',
  to: 'savings-3',
  amountCents: 12_500,
  ...changes,
});

export const transfer: Service = {
  name: 'transfer',
  activities,
  cases: [
    { history: 'completed', type: 'moneyTransfer', args: [request('tr-1')] },
    {
      history: 'approved',
      type: 'moneyTransfer',
      args: [request('tr-2', { amountCents: 250_000 })],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.signal('decide', { granted: true, by: 'dana' });
      },
    },
    { history: 'account-closed', type: 'moneyTransfer', args: [request('tr-3', { to: 'closed' })] },
    {
      history: 'open-approval',
      type: 'moneyTransfer',
      args: [request('tr-4', { amountCents: 990_000 })],
      async leaveOpen(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
      },
    },
  ],
};
