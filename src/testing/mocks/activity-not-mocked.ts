import { ApplicationFailure } from '@temporalio/common';
import { nearestName } from '../../util/nearest-name';

/** The `type` of the failure. */
export const ACTIVITY_NOT_MOCKED = 'ActivityNotMocked';

const MAX_ARGUMENTS_LENGTH = 300;

/** Creates the failure of an activity that the test does not have. It is not retryable, so that the test ends at once. */
export function activityNotMocked(
  activityType: string,
  args: readonly unknown[],
  known: readonly string[],
): ApplicationFailure {
  const shown = JSON.stringify(args)?.slice(1, -1) ?? '';
  const call = `${activityType}(${shown.length > MAX_ARGUMENTS_LENGTH ? `${shown.slice(0, MAX_ARGUMENTS_LENGTH)}…` : shown})`;
  const there = known.length > 0 ? `It has ${[...known].sort().join(', ')}.` : 'It has no activities.';
  const nearest = nearestName(activityType, known);
  const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return ApplicationFailure.nonRetryable(
    `The workflow called the activity ${call}, which this test does not have. ${there}${guess}`,
    ACTIVITY_NOT_MOCKED,
  );
}
