import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  log,
  setHandler,
} from '@temporalio/workflow';
import { checkLimits, deposit, recordLoss, refund, requestApproval, sendReceipt, withdraw } from './bank';
import type { Approval, Receipt, TransferRequest, TransferState } from './types';

export const decide = defineSignal<[Approval]>('decide');
export const transferState = defineQuery<TransferState>('transferState');

/** Moves money from one account to another. If the second half fails, the first is undone. */
export async function moneyTransfer(request: TransferRequest): Promise<Receipt> {
  const { transferId, from, to, amountCents } = request;
  let state: TransferState = 'checking';
  let approval: Approval | undefined;

  setHandler(transferState, () => state);
  setHandler(decide, (decision) => {
    approval ??= decision;
  });

  const { needsApproval } = await checkLimits(request);
  if (needsApproval) {
    state = 'awaiting approval';
    await requestApproval({ transferId, amountCents });
    if (!(await condition(() => approval !== undefined, '2 days'))) {
      throw ApplicationFailure.nonRetryable('Nobody approved the transfer in time', 'ApprovalTimeout');
    }
    if (!approval?.granted) {
      throw ApplicationFailure.nonRetryable(`Refused by ${approval?.by}`, 'Refused');
    }
  }

  state = 'moving';
  const withdrawal = await withdraw({ account: from, amountCents, reference: `${transferId}-out` });
  let booking: string;
  try {
    booking = await deposit({ account: to, amountCents, reference: `${transferId}-in` });
  } catch (err) {
    log.warn('deposit failed, the money goes back', { transferId });
    state = 'refunding';
    await putBack(request);
    throw err;
  }

  const receipt = { transferId, withdrawal, deposit: booking };
  await sendReceipt(receipt);
  state = 'done';
  return receipt;
}

async function putBack({ transferId, from, amountCents }: TransferRequest): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await refund({ account: from, amountCents, reference: `${transferId}-back` });
    await recordLoss({ transferId, reason: 'deposit failed' });
  });
}
