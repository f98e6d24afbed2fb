import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { LoyaltyInput, PointsEarned, Redemption, Voucher } from '../types';
import * as activities from './activities';

export const pointsBalance = defineQuery<number>('pointsBalance');
export const earnPoints = defineSignal<[PointsEarned]>('earnPoints');
export const closeAccount = defineSignal('closeAccount');
export const redeemPoints = defineUpdate<Voucher, [Redemption]>('redeemPoints');

/** A customer's points, for as long as they are a member: an entity that continues as new before its history is long. */
export async function loyaltyAccount(input: LoyaltyInput): Promise<{ points: number }> {
  const { customerId, entriesPerRun = 500 } = input;
  const pending: PointsEarned[] = [...(input.pending ?? [])];
  let points = input.points;
  let closing = input.closing ?? false;
  let entries = 0;

  setHandler(pointsBalance, () => points);
  setHandler(earnPoints, (earned) => void pending.push(earned));
  setHandler(closeAccount, () => {
    closing = true;
  });
  setHandler(
    redeemPoints,
    async ({ redemptionId, points: spent }) => {
      points -= spent;
      entries++;
      try {
        return await activities.issueVoucher({ redemptionId, customerId, points: spent });
      } catch (err) {
        if (err instanceof TemporalFailure) points += spent;
        throw err;
      }
    },
    {
      validator: (redemption) => {
        if (closing) throw ApplicationFailure.nonRetryable('The account is being closed', 'AccountClosed');
        if (redemption.points > points) {
          throw ApplicationFailure.nonRetryable(`Only ${points} points`, 'NotEnoughPoints');
        }
      },
    },
  );

  for (;;) {
    const full = (): boolean => entries >= entriesPerRun || workflowInfo().continueAsNewSuggested;
    await condition(() => pending.length > 0 || closing || full());
    if (full()) {
      await condition(allHandlersFinished);
      log.info('continuing as new', { customerId, points });
      await continueAsNew<typeof loyaltyAccount>({ customerId, entriesPerRun, points, pending, closing });
    }
    const earned = pending.shift();
    if (earned) {
      await activities.recordPoints({ entryId: earned.entryId, customerId, points: earned.points });
      points += earned.points;
      entries++;
    } else if (closing) {
      await condition(allHandlersFinished);
      return { points };
    }
  }
}
