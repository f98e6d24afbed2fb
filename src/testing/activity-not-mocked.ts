import { ApplicationFailure } from '@temporalio/common';

const MAX_ARGUMENTS_LENGTH = 300;

/** Not retryable: a test that forgot an activity ends at once. */
export function activityNotMocked(
  activityType: string,
  args: readonly unknown[],
  known: readonly string[],
): ApplicationFailure {
  const shown = JSON.stringify(args)?.slice(1, -1) ?? '';
  const call = `${activityType}(${shown.length > MAX_ARGUMENTS_LENGTH ? `${shown.slice(0, MAX_ARGUMENTS_LENGTH)}…` : shown})`;
  const there = known.length > 0 ? `There are ${[...known].sort().join(', ')}.` : 'There are no activities.';
  return ApplicationFailure.nonRetryable(
    `The workflow called the activity ${call}, which this test has not. ${there}`,
    'ActivityNotMocked',
  );
}
